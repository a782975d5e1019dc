"""Runs the sandbox in the foreground: `python -m adapters.payments.sandbox`; Ctrl-C ends it."""

import sys
from contextlib import suppress

import uvicorn
from pydantic import ValidationError

from adapters.payments.sandbox.app import build_app
from adapters.payments.settings import PaymentsSettings


def main() -> int:
    try:
        settings = PaymentsSettings()
        host, port = settings.address
    except (ValidationError, ValueError) as error:
        sys.stderr.write(f"payments: {error}\n")
        return 2
    config = uvicorn.Config(
        build_app(settings),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        # Whoever still hangs at the end waits for an answer that will never come.
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
