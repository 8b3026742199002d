"""The policy of the worker pool: who gets a process, and when one is replaced; with fake workers."""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service.conversion.libreoffice.worker_protocol import Converted, WorkerHung, WorkerLost
from service.conversion.pool.dispatcher import Limits, Pool
from service.conversion.pool.metrics import Metrics
from service.conversion.pool.worker_pool import WorkerPool
from service.errors import ConversionFault, ConversionTimeout, DocumentRefused, QueueFull
from tests.helpers.processes import awaited


class FakeWorker:
    """A Worker that starts once it may, and whose health and memory a test sets."""

    def __init__(self, making):
        self.making = making
        self.well = True
        self.held = 0
        self.started = self.ended = False
        making.made.append(self)

    def start(self, seconds):
        assert self.making.let.wait(300)
        if self.making.fault:
            raise self.making.fault
        self.started = True

    def stop(self):
        self.ended = True

    def healthy(self):
        return self.well

    def convert(self, docx, seconds):
        if self.making.outcomes and (outcome := self.making.outcomes.pop(0)):
            raise outcome
        return Converted(io.BytesIO(docx), {})

    def settle(self, seconds):
        return True

    def memory(self):
        return self.held


class Making:
    """Makes fake workers, and sets how they start and convert."""

    def __init__(self):
        self.made = []
        self.let = threading.Event()
        self.let.set()
        self.fault = None
        self.outcomes = []

    def __call__(self):
        return FakeWorker(self)


@pytest.fixture
def making():
    return Making()


@contextmanager
def worker_pool_of(making, size=1, queue=8, documents=100, memory=100):
    metrics = Metrics()
    workers = WorkerPool(making, Limits(size, queue, 10.0, documents, memory), metrics)
    workers.restarts = lambda: metrics.snapshot()["restarts"]
    try:
        yield workers
    finally:
        making.let.set()
        workers.close()
    assert [worker for worker in making.made if worker.started and not worker.ended] == []


def soon(seconds=10.0):
    return time.monotonic() + seconds


def back(workers, worker):
    """Gives a worker back, and waits until the pool has taken note."""
    before = workers.numbers()
    workers.give_back(worker)
    assert awaited(lambda: workers.numbers() != before)


def waiting(workers, count):
    assert awaited(lambda: workers.numbers()["queue"] == count)


def test_processes_start_only_when_they_are_needed(making):
    with worker_pool_of(making, size=3) as workers:
        assert workers.numbers()["workers"] == 0
        first = workers.take(soon())
        assert workers.take(soon()) is not first
        back(workers, first)
        assert workers.take(soon()) is first
        assert len(making.made) == 2


def test_warm_starts_all_of_them(making):
    with worker_pool_of(making, size=3) as workers:
        workers.warm()
        assert workers.numbers() == {"size": 3, "workers": 3, "busy": 0, "starting": 0, "queue": 0}
        workers.warm()
        assert len(making.made) == 3


def test_first_come_first_served(making):
    served = []
    with worker_pool_of(making) as workers, ThreadPoolExecutor(4) as threads:
        worker = workers.take(soon())

        def serve(number):
            taken = workers.take(soon())
            served.append(number)
            workers.give_back(taken)

        for number in range(4):
            threads.submit(serve, number)
            waiting(workers, number + 1)
        back(workers, worker)
        assert awaited(lambda: len(served) == 4)
    assert served == [0, 1, 2, 3]


def test_more_than_may_wait_are_refused(making):
    with worker_pool_of(making, queue=2) as workers, ThreadPoolExecutor(2) as threads:
        worker = workers.take(soon())
        taken = [threads.submit(workers.take, soon()) for _ in range(2)]
        waiting(workers, 2)
        with pytest.raises(QueueFull):
            workers.take(soon())
        back(workers, worker)
        assert awaited(lambda: any(future.done() for future in taken))
        back(workers, worker)
        assert {future.result() for future in taken} == {worker}


def test_who_waits_too_long_is_reported_and_forgotten(making):
    with worker_pool_of(making) as workers:
        worker = workers.take(soon())
        with pytest.raises(ConversionTimeout):
            workers.take(soon(0.01))
        assert workers.numbers()["queue"] == 0
        back(workers, worker)
        assert workers.take(soon()) is worker


def test_a_start_that_fails_is_reported_to_all_and_tried_again(making):
    fault = making.fault = ConversionFault("不能启动", "does not start")
    making.let.clear()
    with worker_pool_of(making) as workers, ThreadPoolExecutor(3) as threads:
        taken = [threads.submit(workers.take, soon()) for _ in range(3)]
        waiting(workers, 3)
        making.let.set()
        assert [future.exception() for future in taken] == [fault] * 3
        making.fault = None
        assert workers.take(soon()).healthy()
        assert len(making.made) == 2


def test_a_start_that_fails_is_not_reported_while_another_process_is_at_work(making):
    with worker_pool_of(making, size=2) as workers, ThreadPoolExecutor(1) as threads:
        worker = workers.take(soon())
        making.fault = ConversionFault("不能启动", "does not start")
        taken = threads.submit(workers.take, soon())
        assert awaited(lambda: len(making.made) == 2 and not workers.numbers()["starting"])
        back(workers, worker)
        assert taken.result() is worker


def test_an_idle_process_that_ended_is_replaced(making):
    with worker_pool_of(making) as workers:
        worker = workers.take(soon())
        back(workers, worker)
        worker.well = False
        assert workers.take(soon()) is not worker
        assert worker.ended
        assert workers.restarts() == {"died": 1}


def test_a_process_that_ends_after_its_document_is_replaced(making):
    with worker_pool_of(making) as workers:
        worker = workers.take(soon())
        worker.well = False
        back(workers, worker)
        assert workers.take(soon()) is not worker
        assert worker.ended


def test_after_the_end_nobody_gets_or_gives_back_a_process(making):
    with worker_pool_of(making, size=2) as workers, ThreadPoolExecutor(1) as threads:
        first, second = workers.take(soon()), workers.take(soon())
        taken = threads.submit(workers.take, soon())
        waiting(workers, 1)
        workers.close()
        assert type(taken.exception()) is ConversionTimeout
        workers.give_back(first)
        workers.lose(second, "died")
        with pytest.raises(ConversionTimeout):
            workers.take(soon())
        assert workers.numbers() == {"size": 2, "workers": 0, "busy": 0, "starting": 0, "queue": 0}
        assert first.ended
        assert second.ended


def test_a_process_that_is_ready_only_after_the_end_is_ended(making):
    making.let.clear()
    with worker_pool_of(making) as workers, ThreadPoolExecutor(2) as threads:
        taken = threads.submit(workers.take, soon())
        assert awaited(lambda: making.made)
        closed = threads.submit(workers.close)
        assert type(taken.exception()) is ConversionTimeout
        making.let.set()
        closed.result()
        assert making.made[0].ended


@pytest.mark.parametrize(("reason", "limit"), [("documents", {"documents": 2}), ("memory", {"memory": 10})])
def test_a_process_whose_time_is_over_works_until_its_successor_is_there(making, reason, limit):
    with worker_pool_of(making, **limit) as workers:
        first = workers.take(soon())
        back(workers, first)
        making.let.clear()
        first.held = 11
        for _ in range(3):
            assert workers.take(soon()) is first
            back(workers, first)
        assert awaited(lambda: len(making.made) == 2)
        assert not first.ended
        making.let.set()
        assert awaited(lambda: first.ended)
        assert workers.take(soon()) is making.made[1]
        assert workers.restarts() == {reason: 1}


def test_a_process_whose_time_is_over_leaves_also_while_documents_wait(making):
    with worker_pool_of(making, documents=1) as workers, ThreadPoolExecutor(1) as threads:
        first = workers.take(soon())
        making.let.clear()
        back(workers, first)
        assert workers.take(soon()) is first
        making.let.set()
        successor = workers.take(soon())
        taken = threads.submit(workers.take, soon())
        waiting(workers, 1)
        back(workers, first)
        assert awaited(lambda: first.ended)
        assert workers.numbers()["workers"] == 1
        back(workers, successor)
        assert taken.result() is successor


def test_a_successor_that_does_not_start_is_tried_again(making):
    with worker_pool_of(making, documents=1) as workers:
        first = workers.take(soon())
        making.fault = ConversionFault("不能启动", "does not start")
        back(workers, first)
        assert awaited(lambda: len(making.made) == 2 and not workers.numbers()["starting"])
        assert not first.ended
        making.fault = None
        assert workers.take(soon()) is first
        back(workers, first)
        assert awaited(lambda: first.ended)


@contextmanager
def pool_of(making):
    pool = Pool(making, Limits(1, 8, 10.0, 100, 100))
    try:
        yield pool
    finally:
        pool.close()


def convert(pool, docx=b"docx"):
    got = []
    pool.convert(docx, lambda converted: got.append(converted.pdf.read()))
    return got[0]


def test_a_document_whose_process_ended_is_tried_once_more(making):
    with pool_of(making) as pool:
        making.outcomes = [WorkerLost()]
        assert convert(pool) == b"docx"
        making.outcomes = [WorkerLost()]
        assert convert(pool) == b"docx"  # the first time is forgiven
        assert pool.state()["restarts"] == {"died": 2}


def test_a_document_that_ends_two_processes_is_refused_untried(making):
    with pool_of(making) as pool:
        making.outcomes = [WorkerLost(), WorkerLost()]
        with pytest.raises(DocumentRefused):
            convert(pool)
        made = len(making.made)
        with pytest.raises(DocumentRefused):
            convert(pool)
        assert convert(pool, b"another") == b"another"
        assert len(making.made) == made
        assert pool.state()["documents"] == {"document_refused": 2, "converted": 1}


def test_a_hang_is_reported_the_first_time_and_refused_the_second(making):
    with pool_of(making) as pool:
        for error in (ConversionTimeout, DocumentRefused):
            making.outcomes = [WorkerHung()]
            with pytest.raises(error) as raised:
                convert(pool)
            assert type(raised.value) is error
        assert pool.state()["restarts"] == {"hung": 2}


def test_a_process_that_ended_while_idle_is_no_document_s_fault(making):
    with pool_of(making) as pool:
        for _ in range(4):
            assert convert(pool) == b"docx"
            making.made[-1].well = False
        assert len(making.made) == 4


def test_a_document_s_own_fault_leaves_its_process_at_work(making):
    with pool_of(making) as pool:
        making.outcomes = [ConversionFault("坏", "broken")] * 3
        for _ in range(3):
            with pytest.raises(ConversionFault, match="坏"):
                convert(pool)
        assert convert(pool) == b"docx"
        assert len(making.made) == 1
