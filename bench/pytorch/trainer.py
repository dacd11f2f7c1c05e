"""One trainer in PyTorch, timed by the rules of worker/runner.ts.

Reads a request a line from standard input and writes an answer a line: {"open": task} builds the network of a step program
(bench/node/pytorch-host.ts), {"ms": number} trains for a slice of time and gives the milliseconds a step of each reading.
One thread, channels last; ends with its standard input.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

READING_MS = 20
WARM_UP_MS = 150

torch.set_num_threads(1)
torch.manual_seed(1)


class Network(nn.Module):
    """The operations of a step program; points are the values between them."""

    def __init__(self, ops):
        super().__init__()
        self.ops = ops
        self.layers = nn.ModuleList([layer(op) for op in ops])

    def forward(self, x):
        points = [x]
        for op, module in zip(self.ops, self.layers):
            value = points[op["from"]]
            if op["kind"] == "add":
                value = value + points[op["other"]]
            elif op["kind"] == "dense":
                value = module(torch.flatten(value, 1))
            else:
                value = module(value)
            points.append(F.relu(value) if op.get("relu") else value)
        return points[-1]


def layer(op):
    kind = op["kind"]
    inputs, outputs = op["in"], op["out"]
    if kind == "conv":
        kernel = op["kernel"]
        return nn.Conv2d(inputs[2], outputs[2], kernel, op["stride"], padding=kernel // 2, bias=op["bias"])
    if kind == "dense":
        return nn.Linear(inputs[0] * inputs[1] * inputs[2], outputs[2])
    if kind == "maxpool":
        return nn.MaxPool2d(op["size"])
    if kind == "avgpool":
        return nn.AvgPool2d(op["size"])
    if kind == "global-avgpool":
        return nn.AdaptiveAvgPool2d(1)
    if kind == "batchnorm":
        return nn.BatchNorm2d(outputs[2])
    return nn.Identity()


def stepper(task):
    """A function that makes one training step."""
    height, width, channels = task["input"]
    batch = task["batch"]
    network = Network(task["ops"])
    if height == 1 and width == 1:
        x = torch.randn(batch, channels)
    else:
        network = network.to(memory_format=torch.channels_last)
        x = torch.randn(batch, channels, height, width).to(memory_format=torch.channels_last)
    labels = torch.arange(batch) % 2
    if task["loss"] == "logistic":
        y, loss_of = labels.float().unsqueeze(1), F.binary_cross_entropy_with_logits
    else:
        y, loss_of = labels, F.cross_entropy
    if task["optimizer"] == "adam":
        optimizer = torch.optim.Adam(network.parameters(), lr=task["rate"], eps=1e-7)
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=task["rate"], momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(network(x), y)
        loss.backward()
        optimizer.step()

    return step


def now():
    return time.perf_counter() * 1000


def steady_runner(step):
    def run(steps):
        begin = now()
        for _ in range(steps):
            step()
        return now() - begin

    steps = 1
    last = spent = run(1)
    while spent < WARM_UP_MS:
        if last < READING_MS / 2:
            steps *= 2
        last = run(steps)
        spent += last
    group = max(1, round(READING_MS * steps / last))
    group_ms = group * last / steps

    def runner(ms):
        begin = now()
        while group_ms < ms / 4 and now() - begin < ms / 4:
            run(group)
        readings = [run(group) / group]
        while now() - begin < ms:
            readings.append(run(group) / group)
        return readings

    return runner


def main():
    runner = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                step = stepper(request["open"])
                begin = now()
                step()
                first = now() - begin
                runner = steady_runner(step)
                answer = {"ok": True, "value": {"firstStepMs": first, "detail": f"PyTorch {torch.__version__}"}}
            else:
                answer = {"ok": True, "value": runner(request["ms"])}
        except Exception as error:  # goes to the caller, who names the row
            answer = {"ok": False, "reason": str(error)}
        print(json.dumps(answer), flush=True)


main()
