"""Dovecot and Postfix of our own, on free ports of this machine and in a temporary folder.

Debian's packages `dovecot-imapd`, `dovecot-lmtpd` and `postfix`. Dovecot runs for anybody; Postfix wants root, which its
master process gives away. What is missing is said in `missing_*`, for a test to skip with.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

PASSWORD = "secret"
DOVECOT, POSTFIX = "/usr/sbin/dovecot", "/usr/sbin/postfix"
PATIENCE_S = 60


def missing_dovecot() -> str:
    if not Path(DOVECOT).exists() or not Path("/usr/lib/dovecot/lmtp").exists():
        return "Dovecot is not installed here (dovecot-imapd, dovecot-lmtpd)."
    return "" if os.geteuid() == 0 else "Dovecot is started by root here."


def missing_postfix() -> str:
    if not Path(POSTFIX).exists():
        return "Postfix is not installed here."
    return "" if os.geteuid() == 0 else "Postfix is started by root alone."


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port: int, what: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not start: {log.read_text() if log.exists() else 'no log'}")


class _Server:
    def __init__(self, name: str):
        self.folder = Path(tempfile.mkdtemp(prefix=f"guixin-{name}-"))
        self.folder.chmod(0o755)
        self.log = self.folder / "log"

    def stop(self) -> None:
        raise NotImplementedError

    def __exit__(self, kind: type | None, why: BaseException | None, where: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Dovecot(_Server):
    """IMAP at `port`, LMTP at `lmtp`; anybody's password is PASSWORD, and every name is a mailbox."""

    def __init__(self) -> None:
        super().__init__("dovecot")
        self.port, self.lmtp = free_port(), free_port()
        nobody = pwd.getpwnam("nobody")
        (self.folder / "mail").mkdir()
        os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
        self.config = self.folder / "dovecot.conf"
        self.config.write_text(f"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.log}
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{self.folder}/mail/%n
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={self.folder}/mail/%n allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
""")

    def __enter__(self) -> "Dovecot":
        # Not through a pipe: the server keeps it open, and whoever reads it waits for ever.
        subprocess.run(
            [DOVECOT, "-c", self.config], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.port, "Dovecot", self.log)
        wait_for(self.lmtp, "Dovecot's LMTP", self.log)
        return self

    def stop(self) -> None:
        subprocess.run([DOVECOT, "-c", self.config, "stop"], capture_output=True)

    def delivers(self, raw: bytes, to: str = "service@guixin.test") -> None:
        """As a mail server does: by LMTP, acknowledged when it lies in the mailbox."""
        import smtplib

        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=60) as office:
            office.sendmail("sender@example.com", [to], raw)


class Postfix(_Server):
    """SMTP at `port`. Mail for guixin.test goes to our door by LMTP, all other to Dovecot's."""

    def __init__(self, door: int, others: int) -> None:
        super().__init__("postfix")
        self.port, self.config = free_port(), self.folder / "etc"
        self.config.mkdir()
        (self.folder / "data").mkdir()
        (self.folder / "spool").mkdir()
        shutil.chown(self.folder / "data", "postfix")
        (self.config / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {self.folder}/spool
data_directory = {self.folder}/data
maillog_file = {self.log}
maillog_file_prefixes = {self.folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.guixin.test
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
recipient_delimiter = +
relay_domains = guixin.test
transport_maps = inline:{{ guixin.test=lmtp:inet:127.0.0.1:{door} }}
default_transport = lmtp:inet:127.0.0.1:{others}
lmtp_destination_recipient_limit = 1
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_tls_security_level = none
biff = no
""")
        services = [
            f"127.0.0.1:{self.port} inet n - n - - smtpd", "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify", "proxymap unix - - n - - proxymap", "lmtp unix - - n - - lmtp",
            "smtp unix - - n - - smtp", "relay unix - - n - - smtp", "error unix - - n - - error",
            "retry unix - - n - - error", "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd", "showq unix n - n - - showq", "flush unix n - n 1000? 0 flush",
        ]  # fmt: skip
        (self.config / "master.cf").write_text("\n".join(services) + "\n")

    def __enter__(self) -> "Postfix":
        said = self.folder / "start"
        with said.open("w") as written:
            started = subprocess.run([POSTFIX, "-c", self.config, "start"], stdout=written, stderr=written)
        if started.returncode:
            raise RuntimeError(f"Postfix did not start: {said.read_text()}")
        wait_for(self.port, "Postfix", self.log)
        return self

    def stop(self) -> None:
        subprocess.run([POSTFIX, "-c", self.config, "stop"], capture_output=True)
