"""Makes fixtures/*.json: what PyTorch computes in float64 for four tiny models, to hold the executors against.

Run from anywhere with a Python that has torch (1.13 made the files) and numpy: python3 make-fixtures.py
Parameters are flat as in src/engine/model/program.ts: a block an operation, blocks start at multiples of 4;
convolutions [ky, kx, in, out], dense [in, out], then the bias; batch norm scale, shift, running mean, running variance.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

BLOCK = 4
STEPS = 3
OUT = pathlib.Path(__file__).parent / "fixtures"
torch.set_default_dtype(torch.float64)


class Parameters:
    """Named tensors in PyTorch's shapes, and their way to and from the flat vector."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}  # name -> tensor; running statistics without gradient
        self.slots = []  # (name, offset, axes that turn PyTorch's order into ours)
        self.count = 0

    def _put(self, name, values, axes=None, grad=True):
        values = values.astype(np.float32).astype(np.float64)  # exact in every executor
        self.tensors[name] = torch.tensor(values, requires_grad=grad)
        self.slots.append((name, self.count, axes))
        self.count += values.size

    def _align(self):
        self.count = -(-self.count // BLOCK) * BLOCK

    def conv(self, name, size, inputs, outputs, bias):
        normal = self.random.normal(size=(outputs, inputs, size, size))
        self._put(name + "/kernel", normal * np.sqrt(2 / (inputs * size * size)), (2, 3, 1, 0))
        if bias:
            self._put(name + "/bias", 0.2 * self.random.normal(size=outputs))
        self._align()

    def dense(self, name, inputs, outputs):
        self._put(name + "/kernel", self.random.normal(size=(outputs, inputs)) * np.sqrt(2 / inputs), (1, 0))
        self._put(name + "/bias", 0.2 * self.random.normal(size=outputs))
        self._align()

    def batch_norm(self, name, channels):
        self._put(name + "/scale", self.random.uniform(0.6, 1.4, channels))
        self._put(name + "/shift", 0.2 * self.random.normal(size=channels))
        self._put(name + "/mean", 0.2 * self.random.normal(size=channels), grad=False)
        self._put(name + "/variance", self.random.uniform(0.6, 1.4, channels), grad=False)
        self._align()

    def flat(self, of=lambda tensor: tensor):
        flat = np.zeros(self.count)
        for name, offset, axes in self.slots:
            values = of(self.tensors[name])
            if values is None:
                continue
            values = values.detach().numpy()
            values = (values.transpose(axes) if axes else values).reshape(-1)
            flat[offset : offset + values.size] = values
        return flat


def conv(p, name, x, stride=1):
    """With "same" padding as TensorFlow's: where it is odd, the far side gets more."""
    kernel = p.tensors[name + "/kernel"]
    size = kernel.shape[2]
    pads = []
    for length in (x.shape[3], x.shape[2]):
        total = max((-(-length // stride) - 1) * stride + size - length, 0)
        pads += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, pads), kernel, p.tensors.get(name + "/bias"), stride)


def dense(p, name, x):
    return F.linear(x, p.tensors[name + "/kernel"], p.tensors[name + "/bias"])


def batch_norm(p, name, x, training):
    scale, shift, mean, variance = (p.tensors[f"{name}/{what}"] for what in ("scale", "shift", "mean", "variance"))
    return F.batch_norm(x, mean, variance, scale, shift, training, 0.1, 1e-5)


class Plain:
    """cnn-small, and mlp where there are no filters."""

    def __init__(self, p, image, filters, hidden, outputs):
        self.p, self.filters, self.hidden = p, filters, hidden
        height, width, channels = image
        for i, count in enumerate(filters):
            p.conv(f"conv{i + 1}", 3, channels, count, True)
            height, width, channels = height // 2, width // 2, count
        sizes = [height * width * channels, *hidden, outputs]
        for i in range(len(sizes) - 1):
            p.dense(f"dense{i + 1}", sizes[i], sizes[i + 1])

    def __call__(self, x, training):
        for i in range(len(self.filters)):
            x = F.max_pool2d(F.relu(conv(self.p, f"conv{i + 1}", x)), 2)
        x = x.permute(0, 2, 3, 1).flatten(1)  # [y, x, channel]
        for i in range(len(self.hidden)):
            x = F.relu(dense(self.p, f"dense{i + 1}", x))
        return dense(self.p, f"dense{len(self.hidden) + 1}", x)


class ResNet:
    """Layers are made in the order in which our step program lists them: the shortcut before its block."""

    def __init__(self, p, image, filters, outputs):
        self.p, self.stages = p, []
        self._layer("stem", 3, image[2], filters[0])
        channels = filters[0]
        for i, width in enumerate(filters):
            name, stride = f"stage{i + 1}.block1", 2 if i > 0 else 1
            straight = channels == width and stride == 1
            if not straight:
                self._layer(name + ".shortcut", 1, channels, width)
            self._layer(name + ".1", 3, channels, width)
            self._layer(name + ".2", 3, width, width)
            self.stages.append((name, stride, straight))
            channels = width
        p.dense("dense1", channels, outputs)

    def _layer(self, name, size, inputs, outputs):
        self.p.conv(name + ".conv", size, inputs, outputs, False)
        self.p.batch_norm(name + ".bn", outputs)

    def _run(self, name, x, stride, training):
        return batch_norm(self.p, name + ".bn", conv(self.p, name + ".conv", x, stride), training)

    def __call__(self, x, training):
        x = F.relu(self._run("stem", x, 1, training))
        for name, stride, straight in self.stages:
            shortcut = x if straight else self._run(name + ".shortcut", x, stride, training)
            inner = F.relu(self._run(name + ".1", x, stride, training))
            x = F.relu(self._run(name + ".2", inner, 1, training) + shortcut)
        return dense(self.p, "dense1", x.mean((2, 3)))


def optimizer_of(p, spec, rate):
    kernels = [t for name, t in p.tensors.items() if name.endswith("/kernel")]
    others = [t for name, t in p.tensors.items() if not name.endswith("/kernel") and t.requires_grad]
    groups = [{"params": kernels, "weight_decay": spec.get("weightDecay", 0)}, {"params": others, "weight_decay": 0}]
    if spec["kind"] == "sgd":
        return torch.optim.SGD(groups, rate, momentum=spec["momentum"])
    return torch.optim.AdamW(groups, rate, betas=(spec["beta1"], spec["beta2"]), eps=spec["epsilon"])


def rounded(values, digits=11):
    return [float(f"{value:.{digits}g}") for value in np.asarray(values).reshape(-1)]


def make(name, seed, model, net_of, image, classes, loss, optimizer, rate, examples, batch, as_bytes):
    random = np.random.default_rng(seed + 1000)
    shape = (examples, *image)
    if as_bytes:
        data = random.integers(0, 256, shape)
        x = data / 127.5 - 1
    else:
        data = random.normal(size=shape).round(3).astype(np.float32)
        x = data.astype(np.float64)
    labels = random.integers(0, classes, examples)
    batches = [random.choice(examples, batch, replace=False) for _ in range(STEPS)]

    p = Parameters(seed)
    net = net_of(p, 1 if loss == "logistic" else classes)
    x = torch.tensor(x).permute(0, 3, 1, 2)

    def loss_of(indices):
        logits, truth = net(x[indices], True), torch.tensor(labels[indices])
        if loss == "logistic":
            return F.binary_cross_entropy_with_logits(logits[:, 0], truth.to(logits.dtype))
        return F.cross_entropy(logits, truth)

    before, losses, gradients = p.flat(), [], None
    step = optimizer_of(p, optimizer, rate)
    for indices in batches:
        step.zero_grad()
        value = loss_of(indices)
        value.backward()
        if gradients is None:
            gradients = p.flat(lambda tensor: tensor.grad)
        step.step()
        losses.append(value.item())
    with torch.no_grad():
        logits = net(x, False)
    fixture = {
        "name": name,
        "model": model,
        "loss": loss,
        "input": image,
        "classes": classes,
        "optimizer": optimizer,
        "learningRate": rate,
        "inputs": {"kind": "bytes", "data": data.reshape(-1).tolist()}
        if as_bytes
        else {"kind": "floats", "data": rounded(data, 9)},
        "labels": labels.tolist(),
        "batches": [indices.tolist() for indices in batches],
        "parameters": rounded(before, 9),
        "losses": rounded(losses),
        "gradients": rounded(gradients),
        "after": rounded(p.flat()),
        "logits": rounded(logits.numpy()),
    }
    (OUT / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


def main():
    OUT.mkdir(exist_ok=True)
    sgd = {"kind": "sgd", "momentum": 0.9, "weightDecay": 0.05}
    adam = {"kind": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-3, "weightDecay": 0.1}
    cnn = {"kind": "cnn-small", "filters": [4, 6], "dense": [5]}
    mlp = {"kind": "mlp", "hidden": [7, 6]}
    resnet = {"kind": "resnet-8", "filters": [4, 6, 8], "blocks": 1}
    make("cnn-sgd", 1, cnn, lambda p, n: Plain(p, [8, 7, 3], [4, 6], [5], n),
         [8, 7, 3], 3, "softmax", sgd, 0.05, 10, 6, True)
    make("cnn-adam", 2, cnn, lambda p, n: Plain(p, [8, 8, 1], [4, 6], [5], n),
         [8, 8, 1], 2, "softmax", adam, 0.02, 10, 6, True)
    make("mlp-logistic", 3, mlp, lambda p, n: Plain(p, [1, 1, 5], [], [7, 6], n),
         [1, 1, 5], 2, "logistic", {"kind": "sgd", "momentum": 0.5}, 0.1, 12, 7, False)
    make("resnet-sgd", 4, resnet, lambda p, n: ResNet(p, [9, 8, 3], [4, 6, 8], n),
         [9, 8, 3], 3, "softmax", {"kind": "sgd", "momentum": 0.9}, 0.05, 9, 5, False)


main()
