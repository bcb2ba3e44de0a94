"""Writes torch.json: twenty steps of PyTorch in float64 for every activation, loss, optimizer, term, schedule.

python3 tests/reference/make_torch.py && npx biome check --write tests/reference
(PyTorch 1.13.1, Debian 12's python3-torch, x86-64)

A case has the options of createTrainer, with a schedule as its plain data.
"""

import json
import pathlib
import random

import torch
from torch.nn import functional
from torch.optim import lr_scheduler

STEPS = 20
torch.set_default_dtype(torch.float64)


def numbers(name, count, size=1.0):
    """Numbers with few digits, the same on every machine."""
    stream = random.Random(name)
    return [round(stream.uniform(-size, size), 2) for _ in range(count)]


def layers(*sizes):
    return [
        {"weights": numbers(f"W{i} {sizes}", m * n), "biases": numbers(f"b{i} {sizes}", n, 0.5)}
        for i, (m, n) in enumerate(zip(sizes, sizes[1:]))
    ]


DATA = {
    "plane": {
        "inputs": numbers("plane", 24, 2), "labels": [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 2, 0],
        "count": 12, "features": 2, "classes": 3,
    },
    "space": {
        "inputs": numbers("space", 36, 2), "labels": [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1],
        "count": 12, "features": 3, "classes": 2,
    },
    "values": {
        "inputs": numbers("space", 36, 2), "targets": numbers("values", 24, 2),
        "count": 12, "features": 3, "outputs": 2,
    },
    "kinks": {
        "inputs": [0, 0, 1, 0.5, -0.5, 0.75, 0.25, -1], "labels": [0, 1, 2, 1],
        "count": 4, "features": 2, "classes": 3,
    },
}

PARAMETERS = {
    "2-3": layers(2, 3),
    "3-2": layers(3, 2),
    "2-4-3": layers(2, 4, 3),
    "3-4-2": layers(3, 4, 2),
    "3-5-4-2": layers(3, 5, 4, 2),
    # |w| has its kink at 0.
    "zeros": [
        {"weights": [0, 0.7, -0.4, 0.9, 0.8, 0, -0.6, 0.3], "biases": [0.1, -0.2, 0.3, 0.4]},
        {"weights": [0.5, -0.8, 0, 0.6, 0.2, -0.9, -0.3, 0, 0.7, 0.4, 0.9, -0.5], "biases": [0.2, 0, -0.1]},
    ],
    # The first row of the data of this name, (0, 0), has the margins 0 and 1/2.
    "kink of the hinge": [{"weights": [0.5, 0.25, -0.5, 0.25, -1, 0.75], "biases": [1, 0, 0.5]}],
    # In that row the sums of the first two hidden units are 0.
    "kink of ReLU": [
        {"weights": [0.5, -0.75, 1, 0.25, 0.5, -1], "biases": [0, 0, 0.5]},
        {"weights": [0.5, -0.25, 0.75, 1, -0.5, 0.25, -0.75, 0.5, -0.5], "biases": [0.25, 0.5, -0.25]},
    ],
}

# The rows of BatchOrder for 12 rows in batches of 5 with the seed 7: a word an epoch, a digit (base 16) a row.
EPOCHS = "5042319b8a67 6193542807ba b6953142a087 7043812b6a59 6a95b4203817 ab6807439521 3716b045a982".split()
BATCHES = [[int(row, 16) for row in epoch[start : start + 5]] for epoch in EPOCHS for start in (0, 5, 10)]

ACTIVATIONS = {
    "relu": functional.relu,
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
    "identity": lambda z: z,
}


def forward(weights, biases, activation, outputs):
    names = activation if isinstance(activation, list) else [activation] * (len(weights) - 1)
    for w, b, name in zip(weights, biases, [*names, "identity"]):
        outputs = ACTIVATIONS[name](outputs @ w + b)
    return outputs


def data_loss(outputs, truth, loss, class_weights):
    if loss == "squared-error":
        return functional.mse_loss(outputs, truth, reduction="sum") / (2 * len(outputs))
    weight = None if class_weights is None else torch.tensor(class_weights)
    if loss == "cross-entropy":
        return functional.cross_entropy(outputs, truth, weight)
    # PyTorch divides the sum of a row by the number of classes, and the weighted sum by the number of rows.
    total = functional.multi_margin_loss(outputs, truth, weight=weight, reduction="sum") * outputs.shape[1]
    return total / (len(truth) if weight is None else weight[truth].sum())


def quality(outputs, truth):
    """The number of rows in their class, or r2 over all outputs, each beside its own mean."""
    if truth.is_floating_point():
        return 1 - ((outputs - truth) ** 2).sum().item() / ((truth - truth.mean(0)) ** 2).sum().item()
    return (outputs.argmax(1) == truth).sum().item()


def make_optimizer(weights, biases, rate, given, decay):
    renamed = {"decay": "alpha", "epsilon": "eps"}
    rest = {renamed.get(key, key): value for key, value in given.items() if key not in ("name", "beta1", "beta2")}
    groups = [{"params": weights}, {"params": biases}]
    if given["name"] != "adam":
        kinds = {"sgd": torch.optim.SGD, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}
        return kinds[given["name"]](groups, lr=rate, **rest)
    rest["betas"] = (given.get("beta1", 0.9), given.get("beta2", 0.999))
    if decay == 0:
        return torch.optim.Adam(groups, lr=rate, **rest)
    groups[0]["weight_decay"] = decay
    return torch.optim.AdamW(groups, lr=rate, weight_decay=0, **rest)


class Cosine(lr_scheduler.CosineAnnealingLR):
    """Stays at the end, where PyTorch's rate rises again."""

    def get_lr(self):
        return super().get_lr() if self.last_epoch <= self.T_max else [self.eta_min for _ in self.base_lrs]


def base_rate(rate):
    return base_rate(rate["rate"]) if isinstance(rate, dict) else rate


def make_scheduler(optimizer, rate):
    if not isinstance(rate, dict):
        return lr_scheduler.LambdaLR(optimizer, lambda step: 1)
    if rate["schedule"] == "step decay":
        return lr_scheduler.StepLR(optimizer, rate["every"], rate["factor"])
    if rate["schedule"] == "exponential decay":
        return lr_scheduler.ExponentialLR(optimizer, rate["factor"] ** (1 / rate["every"]))
    steps = rate["steps"]
    if rate["schedule"] == "cosine decay":
        return Cosine(optimizer, steps, rate["end"])
    linear = lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1)
    return lr_scheduler.SequentialLR(optimizer, [linear, make_scheduler(optimizer, rate["rate"])], [steps])


def run(data, parameters, options):
    """Before each step the loss and the number of right rows or r2, and the parameters after the last step."""
    rows, start = DATA[data], PARAMETERS[parameters]
    inputs = torch.tensor(rows["inputs"]).reshape(rows["count"], -1)
    values = "targets" in rows
    truth = torch.tensor(rows["targets"]).reshape(rows["count"], -1) if values else torch.tensor(rows["labels"])
    biases = [torch.tensor(layer["biases"], dtype=torch.float64, requires_grad=True) for layer in start]
    weights = [torch.tensor(layer["weights"]).reshape(-1, len(layer["biases"])).requires_grad_() for layer in start]
    kind = options.get("loss", "squared-error" if values else "cross-entropy")
    rate, decay = options["learningRate"], options.get("weightDecay", 0)
    optimizer = make_optimizer(weights, biases, base_rate(rate), options.get("optimizer", {"name": "sgd"}), decay)
    scheduler = make_scheduler(optimizer, rate)

    def loss(outputs, truth):
        l2 = options.get("l2", 0) / 2 * sum((w**2).sum() for w in weights)
        l1 = options.get("l1", 0) * sum(w.abs().sum() for w in weights)
        return data_loss(outputs, truth, kind, options.get("classWeights")) + l2 + l1

    losses, qualities = [], []
    for step in range(STEPS):
        outputs = forward(weights, biases, options.get("activation", "relu"), inputs)
        losses.append(rounded(loss(outputs, truth).item()))
        qualities.append(rounded(quality(outputs, truth)))
        batch = BATCHES[step] if "batchSize" in options else slice(None)
        optimizer.zero_grad()
        loss(outputs[batch], truth[batch]).backward()
        if not isinstance(optimizer, torch.optim.AdamW):
            with torch.no_grad():
                for w in weights:
                    w *= 1 - optimizer.param_groups[0]["lr"] * decay
        optimizer.step()
        scheduler.step()
    flat = [[rounded(x) for x in tensor.flatten().tolist()] for tensor in weights + biases]
    after = [{"weights": w, "biases": b} for w, b in zip(flat, flat[len(weights) :])]
    return {"losses": losses, "r2" if values else "correct": qualities, "parameters": after}


def rounded(x):
    """13 digits, which other machines give too."""
    return float(f"{x:.13g}") if isinstance(x, float) else x


def cases():
    """Name, data, parameters and options of each case."""
    for name in ACTIVATIONS:
        yield name, "plane", "2-4-3", {"hidden": [4], "activation": name, "learningRate": 0.4}
    for names in (["softplus", "elu"], ["tanh", "leaky-relu"], ["sigmoid", "identity"], ["relu", "tanh"]):
        options = {"hidden": [5, 4], "activation": names, "learningRate": 0.2}
        yield " then ".join(names), "space", "3-5-4-2", options
        yield f"values, {' then '.join(names)}", "values", "3-5-4-2", options

    yield "linear", "plane", "2-3", {"learningRate": 0.5}
    yield "hinge, linear", "plane", "2-3", {"loss": "hinge", "learningRate": 0.1}
    yield "values, linear", "values", "3-2", {"loss": "squared-error", "learningRate": 0.1}
    for name in ("relu", "elu", "tanh", "softplus"):
        yield f"hinge, {name}", "plane", "2-4-3", {
            "hidden": [4], "activation": name, "loss": "hinge", "learningRate": 0.1}

    optimizers = {
        "momentum": (0.1, {"name": "sgd", "momentum": 0.9}),
        "nesterov": (0.1, {"name": "sgd", "momentum": 0.8, "nesterov": True}),
        "rmsprop": (0.01, {"name": "rmsprop"}),
        "rmsprop with options": (0.05, {"name": "rmsprop", "decay": 0.8, "epsilon": 0.01}),
        "adagrad": (0.1, {"name": "adagrad"}),
        "adagrad with options": (0.1, {"name": "adagrad", "epsilon": 0.05}),
        "adam": (0.05, {"name": "adam"}),
        "adam with options": (0.05, {"name": "adam", "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01}),
    }
    for name, (rate, optimizer) in optimizers.items():
        common = {"hidden": [4], "activation": "tanh", "learningRate": rate, "optimizer": optimizer}
        yield name, "plane", "2-4-3", common
        yield f"{name}, hinge, l2", "plane", "2-4-3", {**common, "loss": "hinge", "l2": 0.03}
        yield f"{name}, values, l1, weightDecay", "values", "3-4-2", {**common, "l1": 0.01, "weightDecay": 0.2}

    for name in ("momentum", "adam"):
        rate, optimizer = optimizers[name]
        yield f"{name}, ReLU, l2", "plane", "2-4-3", {
            "hidden": [4], "learningRate": rate, "optimizer": optimizer, "l2": 0.03}

    terms = {"l2": 0.1, "l1": 0.03, "weightDecay": 0.3}
    for name, value in terms.items():
        yield name, "plane", "zeros", {"hidden": [4], "activation": "elu", "learningRate": 0.2, name: value}
    yield "all terms", "plane", "zeros", {"hidden": [4], "activation": "elu", "learningRate": 0.2, **terms}
    yield "all terms, momentum", "plane", "zeros", {
        "hidden": [4], "activation": "sigmoid", "learningRate": 0.1, **terms,
        "optimizer": optimizers["momentum"][1]}

    for loss in ("cross-entropy", "hinge"):
        common = {"hidden": [4], "activation": "tanh", "loss": loss, "learningRate": 0.2}
        yield f"class weights, {loss}", "plane", "2-4-3", {**common, "classWeights": [0.5, 2.0, 3.0]}
        yield f"class weights with a 0, {loss}", "plane", "2-4-3", {**common, "classWeights": [2.0, 0.0, 1.5]}
        yield f"class weights, all terms, {loss}", "plane", "zeros", {
            **common, "classWeights": [0.5, 2.0, 3.0], **terms}

    step_decay = {"schedule": "step decay", "rate": 0.5, "every": 6, "factor": 0.3}
    exponential_decay = {"schedule": "exponential decay", "rate": 0.5, "every": 5, "factor": 0.4}
    cosine_decay = {"schedule": "cosine decay", "rate": 0.5, "steps": 15, "end": 0.1}
    schedules = {
        "step decay": step_decay,
        "exponential decay": exponential_decay,
        "cosine decay to 0": {**cosine_decay, "steps": 20, "end": 0},
        "cosine decay, then constant": {**cosine_decay, "steps": 12},
        "warmup, then constant": {"schedule": "warmup", "steps": 6, "rate": 0.5},
        "warmup, then cosine decay": {"schedule": "warmup", "steps": 5, "rate": cosine_decay},
        "warmup, then step decay": {"schedule": "warmup", "steps": 4, "rate": step_decay},
    }
    for name, rate in schedules.items():
        yield name, "plane", "2-4-3", {"hidden": [4], "activation": "tanh", "learningRate": rate}
    rate = {"schedule": "warmup", "steps": 5, "rate": {**exponential_decay, "rate": 0.08}}
    common = {"hidden": [5, 4], "learningRate": rate, "weightDecay": 0.5}
    yield "schedule, momentum, weightDecay", "space", "3-5-4-2", {
        **common, "activation": "softplus", "loss": "hinge", "optimizer": optimizers["momentum"][1]}
    yield "schedule, adam, weightDecay", "space", "3-5-4-2", {
        **common, "activation": "elu", "optimizer": {"name": "adam"}}

    yield "kink of the hinge", "kinks", "kink of the hinge", {"loss": "hinge", "learningRate": 0.1}
    yield "kink of ReLU", "kinks", "kink of ReLU", {"hidden": [3], "learningRate": 0.3}
    for name in ("leaky-relu", "elu"):
        options = {"hidden": [3], "activation": name, "learningRate": 0.3}
        yield f"kink of {name}", "kinks", "kink of ReLU", options

    batches = {"hidden": [4], "activation": "tanh", "batchSize": 5, "seed": 7}
    yield "batches", "plane", "2-4-3", {
        **batches, "learningRate": {**step_decay, "rate": 0.3},
        "optimizer": optimizers["nesterov"][1], "classWeights": [0.5, 2.0, 3.0], **terms}
    yield "batches, values", "values", "3-4-2", {**batches, "learningRate": 0.1}


figures = {
    "data": DATA,
    "parameters": PARAMETERS,
    "cases": [
        {"name": name, "data": data, "start": start, "options": options, **run(data, start, options)}
        for name, data, start, options in cases()
    ],
}
if __name__ == "__main__":
    pathlib.Path(__file__).with_name("torch.json").write_text(json.dumps(figures) + "\n")
