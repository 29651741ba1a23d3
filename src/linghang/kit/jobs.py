"""The skill that stops a job: what reads and drafts; what spends or sends is paused or stopped where it is told."""

from collections.abc import Mapping
from typing import Any

from linghang.base.errors import RefusedError, UnknownItemError
from linghang.kit import runner, stopping
from linghang.kit.context import Context
from linghang.kit.skills import find, skill

ANYBODYS = "pack.admin"
"""The right to stop what somebody else began."""


@skill("jobs.cancel", effect="draft", permission="skills.call", example={"job": "job_0f3a"})
def cancel(ctx: Context, job: str) -> Mapping[str, Any]:
    """Stop a job of one's own that reads or drafts. It ends at its next report: what was finished is kept.

    ``stopping`` is false for a job that had ended already. Refused for jobs that commit, and for those of others.
    """
    asked, alive = runner.asked_for(job)
    mine = str(asked.get("actor", "")).partition("#")[0] == ctx.actor.name
    if not mine and ANYBODYS not in ctx.actor.rights:
        raise UnknownItemError("job.unknown", job=job)
    skill_name = str(asked["skill"])
    if find(skill_name).manifest.effect == "commit":
        raise RefusedError("job.commits", skill=skill_name)
    if alive:
        stopping.ask(ctx.db, ctx.institution_id, job, actor=ctx.actor.name, at=ctx.now)
    return {"job": job, "skill": skill_name, "stopping": alive}
