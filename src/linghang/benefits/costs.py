"""What an option costs for so many customers: exact integers, worst case and expected."""

from dataclasses import dataclass

from linghang.benefits.model import Option

MILLION = 1_000_000


@dataclass(frozen=True)
class Cost:
    """Fen and pieces. ``committed_fen`` is bound at once: contacts and every grant at full face value."""

    contact_fen: int
    grants: int
    liability_fen: int
    expected_fen: int

    @property
    def committed_fen(self) -> int:
        """The most that this can cost."""
        return self.contact_fen + self.liability_fen


def cost_of(option: Option, customers: int) -> Cost:
    """The cost of ``customers`` with an option. Rounded up, so sums never understate.

    Grants are the customers expected to claim: the ledger issues no more than these, whoever comes.
    """
    contact = -(-customers * option.contact_fen100 // 100)
    grants = min(customers, -(-customers * option.claim_ppm // MILLION)) if option.face_fen else 0
    redeemed = -(-customers * option.redeem_ppm * option.face_fen // MILLION)
    return Cost(contact, grants, grants * option.face_fen, contact + redeemed)


def unit_committed_fen(option: Option) -> float:
    """The committed cost of one customer, fractional: what the optimiser compares."""
    return option.contact_fen100 / 100 + option.claim_ppm / MILLION * option.face_fen


def unit_expected_fen100(option: Option) -> int:
    """The expected cost of one customer in hundredths of a fen: contacts and redemption."""
    return option.contact_fen100 + round(option.redeem_ppm / MILLION * option.face_fen * 100)
