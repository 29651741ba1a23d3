"""What customers allow, whether they can be reached, what they can bear, and what they have complained of."""

import numpy as np

from linghang.simulator.draws import happens, logistic, share_of
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block, Coded


def add_consents(block: Block) -> None:
    """Add consent, opt-outs and reach a channel, complaints and the blacklist."""
    told, stream, size = parameters()["consent"], block.stream("consent"), block.size
    ios = block.coded("device_os").at("iOS")
    installed = block.numbers("app_installed")
    # Consent is likelier where a customer is digital and lively; the mean stays what the parameters say.
    lean = 0.25 * (share_of(block.latent["digital"]) - 0.5) + 0.15 * (share_of(block.latent["activity"]) - 0.5)
    push = installed & happens(stream, np.where(ios, told["push_ios"], told["push_android"]) + lean, size)
    block.columns["consent_push"] = push
    block.columns["opted_out_push"] = push & happens(stream, told["opted_out_push"], size)
    sms = happens(stream, told["sms"] + lean / 2, size)
    block.columns["consent_sms"] = sms
    block.columns["opted_out_sms"] = happens(stream, told["opted_out_sms"], size)
    block.columns["phone_valid"] = happens(stream, told["phone_valid"], size)
    mail = happens(stream, told["email_valid"] + lean, size)
    block.columns["email_valid"] = mail
    block.columns["consent_email"] = mail & happens(stream, told["email"] / told["email_valid"], size)
    block.columns["opted_out_email"] = mail & happens(stream, told["opted_out_email"], size)
    block.columns["consent_call"] = happens(stream, told["call"], size)
    block.columns["opted_out_call"] = happens(stream, told["opted_out_call"], size)
    followed = happens(stream, told["wechat_followed"] + lean, size)
    block.columns["wechat_followed"] = followed
    block.columns["consent_wechat"] = followed & happens(stream, told["wechat"], size)
    block.columns["wechat_bound"] = happens(stream, told["wechat_bound"] + lean, size)
    block.columns["complaint"] = happens(stream, told["complaint"], size)
    block.columns["blacklisted"] = happens(stream, told["blacklisted"], size)


def add_manager_consent(block: Block) -> None:
    """Add consent to WeCom, which only those who follow a manager can give."""
    told = parameters()["consent"]
    block.columns["consent_wecom"] = block.numbers("follow_manager") & happens(
        block.stream("wecom"), told["wecom"], block.size
    )


def add_risk(block: Block) -> None:
    """Add the risk assessment and the credit score; who was never assessed has no level."""
    told, stream, size = parameters()["risk"], block.stream("risk"), block.size
    latent = block.latent
    odds = (
        told["assessed"] + told["assessed_wealth"] * latent["wealth"] + told["assessed_activity"] * latent["activity"]
    )
    assessed = block.numbers("kyc_done") & happens(stream, logistic(odds), size)
    block.columns["risk_assessed"] = assessed
    # Its own stream: everything else of a customer stays as it was.
    age = np.floor(block.stream("assessed_days").random(size) * told["assessed_within_days"])
    block.columns["risk_assessed_days"] = np.minimum(age, block.numbers("register_days")).astype(np.int64)
    block.unknown["risk_assessed_days"] = ~assessed
    pulled = latent["risk"] - told["age_pull"] * np.maximum(block.numbers("age") - 40, 0)
    edges = np.cumsum(told["shares"])[:-1]
    block.columns["risk_level"] = Coded(np.searchsorted(edges, share_of(pulled)), ("C1", "C2", "C3", "C4", "C5"))
    block.unknown["risk_level"] = ~assessed
    score = told["score_mean"] + told["score_sd"] * latent["credit"]
    block.columns["credit_score"] = np.clip(np.round(score), 300, 950).astype(np.int64)
    block.unknown["credit_score"] = happens(stream, told["score_unknown"], size)
