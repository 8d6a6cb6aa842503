"""The address of a store on a server at which a login acts as a person, with her rights."""

from sqlalchemy.engine import make_url

from alliance_sim.errors import UsageProblem
from alliance_sim.store.place import locate


def acting_as(address: str, person: str) -> str:
    """The address at which the same login acts as a person from its first question on.

    The server refuses that to a login that was not given her rights (`rights.lend`). Holds a
    password if `address` does. Raises UsageProblem for a store in a file, which has no rights.
    """
    if locate(address).path is not None:
        raise UsageProblem("a store in a file has no rights of trainees; give a postgresql:// URL")
    url = make_url(address)
    before = url.query.get("options", "")
    given = before if isinstance(before, str) else " ".join(before)
    # In these options a backslash keeps a space, or another one, together with what is around it
    # (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS).
    name = person.replace("\\", "\\\\").replace(" ", "\\ ")
    options = f"{given} -c role={name}".strip()
    whole = url.update_query_dict({"options": options}).render_as_string(hide_password=False)
    where, _, query = whole.partition("?")
    # To libpq a plus in an address is no space.
    return f"{where}?{query.replace('+', '%20')}"
