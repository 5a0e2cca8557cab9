"""Settings, read once from the environment (prefix ``PORTAL_``) and checked before anything starts."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
INSECURE_SECRET = "only-for-a-demonstration-on-one-machine"  # noqa: S105 - refused in production below

RegisterMode = Literal["manual", "file"]


class Settings(BaseSettings):
    """Everything that differs between a demo, a district and a city.

    Raises ``pydantic.ValidationError`` at start when production lacks a secret of its own.
    """

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", populate_by_name=True)

    environment: Literal["demo", "test", "production"] = "demo"
    secret_key: str = INSECURE_SECRET
    # Ring of data keys, "id:base64,id:base64"; the first encrypts, all decrypt.
    data_keys: str = ""
    hash_key: str = ""
    database_url: str = Field(default="", validation_alias=AliasChoices("DATABASE_URL", "PORTAL_DATABASE_URL"))
    storage_dir: Path = INSTANCE / "files"
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0  # how many proxies in front may say who the client is
    mail_mode: Literal["page", "smtp"] = "page"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    mail_sender: str = "no-reply@starhome.example"
    max_upload_bytes: int = 10 * 1024 * 1024
    rate_limits: bool = True
    session_hours: int = 12
    sample: bool = True
    # How each register of the city is asked: file reads what was imported, manual leaves it to the officer.
    register_business_register: RegisterMode = "file"
    register_social_insurance: RegisterMode = "file"
    register_degrees: RegisterMode = "file"
    register_tax: RegisterMode = "file"
    register_housing: RegisterMode = "file"

    @model_validator(mode="after")
    def _production_has_its_own_secrets(self) -> Settings:
        if not self.database_url:
            self.database_url = f"sqlite:///{INSTANCE / 'portal.sqlite3'}"
        if self.environment == "production":
            missing = [
                name
                for name, bad in (
                    ("PORTAL_SECRET_KEY", self.secret_key == INSECURE_SECRET or len(self.secret_key) < 32),
                    ("PORTAL_DATA_KEYS", not self.data_keys),
                    ("PORTAL_HASH_KEY", not self.hash_key),
                )
                if bad
            ]
            if missing:
                raise ValueError(f"production needs its own {', '.join(missing)}; see docs/operate.md")
        return self

    @property
    def host(self) -> str:
        """The only host name this portal answers to, with the port."""
        return urlsplit(self.base_url).netloc

    @property
    def secure(self) -> bool:
        """True when the portal is reached over TLS."""
        return self.base_url.startswith("https://")

    def register_modes(self) -> dict[str, RegisterMode]:
        """Name of a register → how it is asked."""
        return {
            "business_register": self.register_business_register,
            "social_insurance": self.register_social_insurance,
            "degrees": self.register_degrees,
            "tax": self.register_tax,
            "housing": self.register_housing,
        }

    def key_ring(self) -> dict[str, bytes]:
        """Key id → 32-byte key, the encrypting one first. Demo keys are derived from the secret."""
        if not self.data_keys:
            return {"demo": hashlib.sha256(b"data:" + self.secret_key.encode()).digest()}
        ring = {}
        for part in self.data_keys.split(","):
            key_id, _, encoded = part.strip().partition(":")
            key = base64.b64decode(encoded)
            if len(key) != 32:
                raise ValueError(f"PORTAL_DATA_KEYS: key {key_id} has {len(key)} bytes, 32 are needed")
            ring[key_id] = key
        return ring

    def look_up_key(self) -> bytes:
        """Key of the keyed hashes that find equal values without decrypting them."""
        return hashlib.sha256(b"hash:" + (self.hash_key or self.secret_key).encode()).digest()


def load_settings() -> Settings:
    """Read the environment; ``HOST`` and ``PORT`` set the base address unless PORTAL_BASE_URL does."""
    settings = Settings()
    if "PORTAL_BASE_URL" not in os.environ and "PORT" in os.environ:
        settings.base_url = f"http://127.0.0.1:{int(os.environ['PORT'])}"
    return settings
