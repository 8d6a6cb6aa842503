"""The system's keyring, if it has one. A key is kept for one address, and sent to no other."""

from typing import Protocol

from alliance_sim.errors import EndpointProblem

__all__ = ["Keyring", "SystemKeyring"]

SERVICE = "alliance-sim"


class Keyring(Protocol):
    """Keys by the address that they are for."""

    def get(self, url: str) -> str | None:
        """The key for an address; None where there is none, or no keyring."""
        ...

    def set(self, url: str, key: str) -> None:
        """Keep a key. Raises EndpointProblem where there is no keyring."""
        ...

    def delete(self, url: str) -> bool:
        """Forget a key; whether there was one."""
        ...


class SystemKeyring:
    """The keyring of the desktop, through the `keyring` package."""

    def get(self, url: str) -> str | None:
        try:
            import keyring  # noqa: PLC0415

            return keyring.get_password(SERVICE, url)
        except Exception:  # every backend raises its own; a keyring that fails holds no key
            return None

    def set(self, url: str, key: str) -> None:
        try:
            import keyring  # noqa: PLC0415

            keyring.set_password(SERVICE, url, key)
        except Exception:  # as above; the reason may repeat the key, so it is not told
            kept = False
        else:
            kept = self.get(url) == key
        if not kept:
            raise EndpointProblem(
                "this system has no keyring that keeps keys; put the key into the environment "
                "as OPENAI_API_KEY, or into the file .env"
            )

    def delete(self, url: str) -> bool:
        try:
            import keyring  # noqa: PLC0415

            keyring.delete_password(SERVICE, url)
        except Exception:  # as above
            return False
        return True
