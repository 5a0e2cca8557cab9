"""A text in both languages of the portal."""

from pydantic import BaseModel, ConfigDict, Field


class Text(BaseModel):
    """The same words in Chinese and in English; neither may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The words for a reader of ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh
