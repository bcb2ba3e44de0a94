"""Times the benchmark's networks in NumPy: full batches, softmax and cross-entropy, ReLU, SGD with L2.

    python3 bench/numpy_steps.py

Prints milliseconds a step, the median of nine timings, and the loss of the case study after its 10,000
steps, which the notes print as 0.245.
"""

import sys
import time

import numpy as np


def case_study():
    """The points of the notes and their starting weights, from the notes' own stream."""
    random = np.random.RandomState(0)
    points = np.zeros((300, 2))
    labels = np.repeat(np.arange(3), 100)
    for arm in range(3):
        radius = np.linspace(0, 1, 100)
        angle = np.linspace(4 * arm, 4 * (arm + 1), 100) + 0.2 * random.randn(100)
        points[100 * arm : 100 * (arm + 1)] = np.c_[radius * np.sin(angle), radius * np.cos(angle)]
    # The notes drew 18 numbers that nobody knows, and the linear classifier's weights.
    random.randn(18 + 6)
    weights = [0.01 * random.randn(2, 100), 0.01 * random.randn(100, 3)]
    return points, labels, weights, 1.0


def random_network(rows, sizes):
    random = np.random.RandomState(1)
    points = random.randn(rows, sizes[0])
    labels = random.randint(0, sizes[-1], rows)
    pairs = zip(sizes, sizes[1:])
    return points, labels, [random.randn(*pair) * np.sqrt(2 / pair[0]) for pair in pairs], 0.01


class Network:
    def __init__(self, points, labels, weights, rate, kind, l2=1e-3):
        self.points = points.astype(kind)
        self.labels = labels
        self.weights = [matrix.astype(kind) for matrix in weights]
        self.biases = [np.zeros((1, matrix.shape[1]), kind) for matrix in weights]
        self.rate, self.l2 = kind(rate), kind(l2)

    def probabilities(self):
        outputs = [self.points]
        for matrix, bias in zip(self.weights[:-1], self.biases):
            outputs.append(np.maximum(0, outputs[-1] @ matrix + bias))
        logits = outputs[-1] @ self.weights[-1] + self.biases[-1]
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return outputs, exponentials / exponentials.sum(axis=1, keepdims=True)

    def loss(self):
        _, shares = self.probabilities()
        own = shares[np.arange(len(self.labels)), self.labels]
        return -np.log(own).mean() + self.l2 / 2 * sum((matrix * matrix).sum() for matrix in self.weights)

    def step(self):
        outputs, gradient = self.probabilities()
        rows = len(self.labels)
        gradient[np.arange(rows), self.labels] -= 1
        gradient /= rows
        for layer in reversed(range(len(self.weights))):
            matrix, below = self.weights[layer], outputs[layer]
            d_matrix = below.T @ gradient + self.l2 * matrix
            d_bias = gradient.sum(axis=0, keepdims=True)
            if layer > 0:
                gradient = gradient @ matrix.T
                gradient[below <= 0] = 0
            matrix -= self.rate * d_matrix
            self.biases[layer] -= self.rate * d_bias


def milliseconds(network, steps):
    start = time.perf_counter()
    for _ in range(steps):
        network.step()
    return 1000 * (time.perf_counter() - start) / steps


def main():
    networks = {
        "300x2-100-3": (case_study(), 500),
        "512x784-256-10": (random_network(512, [784, 256, 10]), 20),
        "1024x784-512-512-10": (random_network(1024, [784, 512, 512, 10]), 5),
    }
    print(f"NumPy {np.__version__}, Python {sys.version.split()[0]}")
    for name, (given, steps) in networks.items():
        for kind in (np.float32, np.float64):
            network = Network(*given, kind)
            milliseconds(network, steps)
            times = sorted(milliseconds(network, steps) for _ in range(9))
            print(f"{name} {kind.__name__}: {times[4]:.3f} ms a step ({times[2]:.3f} to {times[6]:.3f})")
    network = Network(*case_study(), np.float64)
    milliseconds(network, 10_000)
    print(f"The case study's loss after 10,000 steps: {network.loss():.6f}")


if __name__ == "__main__":
    main()
