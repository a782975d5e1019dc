"""Run PostgreSQL's programs as an account that PostgreSQL accepts: never as root."""

import os
import pwd
import shutil
import signal
import subprocess

ACCOUNT = "postgres"


class AccountError(RuntimeError):
    """PostgreSQL cannot be run by this user on this machine."""


def prefix(on_death: signal.Signals = signal.SIGINT) -> list[str]:
    """What stands before a PostgreSQL command: nothing, or as root a change to the account `postgres`.

    The account keeps CAP_DAC_OVERRIDE, so a checkout below a private folder works and no folder's mode is changed.
    The death signal is set here again, because the kernel forgets it when the user changes.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AccountError("PostgreSQL refuses to run as root, and `setpriv` (package util-linux) is not installed.")
    ensure_account()
    return [
        setpriv,
        f"--reuid={ACCOUNT}",
        f"--regid={ACCOUNT}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        f"--pdeathsig={signal.Signals(on_death).name.removeprefix('SIG')}",
    ]


def ensure_account() -> None:
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        _add_account()


def _add_account() -> None:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        raise AccountError(f"PostgreSQL refuses to run as root, and `useradd` is missing: create the user {ACCOUNT}.")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and not _exists():
        raise AccountError(f"The user {ACCOUNT} could not be created: {done.stderr.strip()}")


def _exists() -> bool:
    return any(entry.pw_name == ACCOUNT for entry in pwd.getpwall())
