# A run of spiralnet in PyTorch: the same data, the same starting weights, the same losses.
# It prints the digits of the trainer in double precision.

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

# The data: arms of a spiral.
rng = np.random.RandomState(0)
N = 100  # points of each class
K = 3  # classes
X = np.zeros((N * K, 2))
y = np.zeros(N * K, dtype=int)
for j in range(K):
    rows = range(N * j, N * (j + 1))
    r = np.linspace(0.0, 1, N)  # radius
    t = np.linspace(j * 4, (j + 1) * 4, N) + rng.randn(N) * 0.2  # angle
    X[rows] = np.c_[r * np.sin(t), r * np.cos(t)]
    y[rows] = j

# The starting weights. The notes drew other numbers first.
rng.randn(18)
W = 0.01 * rng.randn(2, 3)
b = np.zeros(3)

X, y = [torch.tensor(rows) for rows in (X, y)]
W, b = [torch.tensor(p, requires_grad=True) for p in (W, b)]

# The settings.
learning_rate = 1
l2 = 0.001


def network(X):
    return X @ W + b


def loss_of(scores, y):
    data_loss = F.cross_entropy(scores, y)
    reg_loss = 0.5 * l2 * torch.sum(W * W)
    return data_loss + reg_loss


# Gradient descent.
optimizer = torch.optim.SGD([W, b], lr=learning_rate)
for i in range(200):
    loss = loss_of(network(X), y)
    if i % 10 == 0:
        print('iteration %d: loss %f' % (i, loss.item()))

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# The accuracy.
scores = network(X)
predicted_class = torch.argmax(scores, dim=1)
print('training accuracy: %.2f' % torch.mean((predicted_class == y).double()).item())
