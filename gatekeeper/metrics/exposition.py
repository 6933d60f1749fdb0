"""What GET /metrics answers: the tally and the gauges in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import accumulate, pairwise

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from gatekeeper.metrics import names
from gatekeeper.store.tally import Series, Tally

Reading = Callable[[], Mapping[names.Gauge, float | Mapping[str, float]]]
"""One look at one part, which may tell several gauges; it may fail, and then these are left out."""


class Exposition(Collector):
    """Reads anew at every call. `info` labels what runs: version, policy's revision."""

    def __init__(self, tally: Tally, readings: tuple[Reading, ...], info: Mapping[str, str]) -> None:
        self._tally = tally
        self._readings = readings
        self._info = info
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def render(self) -> bytes:
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Say nothing: else the registry would read the whole database to learn the names."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        unreadable = 0
        reads: list[Callable[[], list[Metric]]] = [self._counted]
        reads += [partial(_gauges, reading) for reading in self._readings]
        for read in reads:
            try:
                yield from read()
            except Exception:  # noqa: BLE001 - whatever it is, the other figures are worth having
                unreadable += 1
        yield GaugeMetricFamily(names.UNREADABLE.name, names.UNREADABLE.help, unreadable)
        info = GaugeMetricFamily(names.INFO.name, names.INFO.help, labels=tuple(self._info))
        info.add_metric(tuple(self._info.values()), 1)
        yield info

    def _counted(self) -> list[Metric]:
        counts = self._tally.read()
        counters = [_counter(counter, counts) for counter in names.COUNTERS]
        return counters + [_histogram(histogram, counts) for histogram in names.HISTOGRAMS]


def _gauges(reading: Reading) -> list[Metric]:
    return [_gauge(gauge, value) for gauge, value in reading().items()]


def _gauge(gauge: names.Gauge, value: float | Mapping[str, float]) -> Metric:
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(gauge.name, gauge.help, value)
    family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
    for label, each in value.items():
        family.add_metric((label,), each)
    return family


def _counter(counter: names.Counter, counts: Mapping[Series, float]) -> Metric:
    family = CounterMetricFamily(counter.name, counter.help, labels=counter.labels)
    never = {Series(counter.name, (labels,)): 0.0 for labels in counter.always}
    told = {**never, **counts}
    for series in sorted(told):
        # A release may have counted by other labels; its counts are not mixed in.
        if series.metric == counter.name and len(series.labels) == len(counter.labels):
            family.add_metric(series.labels, told[series])
    return family


def _histogram(histogram: names.Histogram, counts: Mapping[Series, float]) -> Metric:
    """Of a bound that a later release has dropped, the counts go into the next one above."""
    mine = {float(count.labels[0]): n for count, n in counts.items() if count.metric == histogram.name}
    edges = [float("-inf"), *map(float, histogram.labels)]
    within = [sum(n for bound, n in mine.items() if low < bound <= high) for low, high in pairwise(edges)]
    total = counts.get(Series(f"{histogram.name}_sum"), 0.0)
    return HistogramMetricFamily(
        histogram.name,
        histogram.help,
        buckets=list(zip(histogram.labels, accumulate(within), strict=True)),
        sum_value=total,
    )
