"""`python -m bitrix24_sandbox`."""

from bitrix24_sandbox.cli import sandbox

if __name__ == "__main__":
    sandbox()
