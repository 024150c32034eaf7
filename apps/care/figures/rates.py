"""So many of so many, and how sure that is."""

from dataclasses import dataclass

from apps.care import policy


@dataclass(frozen=True)
class Rate:
    """So many (``n``) of so many (``of``), named as its rows are asked for."""

    what: str
    n: int
    of: int

    @property
    def share(self) -> int | None:
        return round(100 * self.n / self.of) if self.of else None

    @property
    def interval(self) -> tuple[int, int] | None:
        """Between which per cent the true rate lies (95 %); None: too few to say."""
        if self.of < policy.FEWEST_FOR_A_RATE:
            return None
        low, high = policy.wilson(self.n, self.of)
        return round(100 * low), round(100 * high)
