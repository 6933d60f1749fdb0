"""What became of a request that got no answer: did it leave or not? Secrets stop here."""

from __future__ import annotations

import ssl

import requests
from urllib3 import exceptions as low

from gatekeeper.model import errors
from gatekeeper.portal.transport.line import LONGEST_ANSWER, MOST_VALUES, TooLongError

_NEVER_LEFT = (low.NewConnectionError, low.ConnectTimeoutError, low.ProxyError, low.LocationValueError)
_UNSENT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.ProxyError,
)


def breakage(method: str, broken: Exception, *, is_late: bool = False) -> errors.Unavailable:
    """Unavailable only where the request surely never left, else OutcomeUnknown; no text is kept.

    `is_late` says that the hit was broken off at its deadline.
    """
    chain = [broken, *(arg for arg in broken.args if isinstance(arg, Exception))]
    chain += [each.reason for each in chain if isinstance(each, low.MaxRetryError) and each.reason]
    chain += [inner for each in chain if isinstance(each, low.SSLError) for inner in each.args]
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in chain):
        return errors.Unavailable(method, detail="certificate_not_trusted")
    if any(isinstance(each, (*_NEVER_LEFT, *_UNSENT)) for each in chain):
        return errors.Unavailable(method, detail="no_connection")
    if isinstance(broken, TooLongError):
        most = f"{LONGEST_ANSWER >> 20} MB or {MOST_VALUES:,} values"
        return errors.AnswerTooLong(method, detail=f"too_long {most}")
    if is_late or isinstance(broken, requests.Timeout):
        return late(method)
    return errors.OutcomeUnknown(method, detail="connection_broke")


def late(method: str) -> errors.OutcomeUnknown:
    return errors.OutcomeUnknown(method, detail="no_answer_in_time")
