# A run of spiralnet in NumPy: the same data, the same starting weights, the same losses.
# It prints the digits of the trainer in double precision, after 1,000 steps of a network within 5e-6,
# with the same accuracy. The order of a sum decides the last digit of a float64; training enlarges such
# differences, and a run whose loss jumps up and down does so sooner.

import numpy as np

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
rng.randn(18 + 6)
W = 0.01 * rng.randn(2, 100)
b = np.zeros(100)
W2 = 0.01 * rng.randn(100, 3)
b2 = np.zeros(3)

# The settings.
learning_rate = 1
l2 = 0.001

# Gradient descent.
num_examples = X.shape[0]
for i in range(10000):
    # The outputs of each layer, and the loss.
    hidden_layer = np.maximum(0, np.dot(X, W) + b)
    scores = np.dot(hidden_layer, W2) + b2
    scores -= np.max(scores, axis=1, keepdims=True)
    logprobs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    data_loss = np.mean(-logprobs[range(num_examples), y])
    reg_loss = 0.5 * l2 * np.sum(W * W) + 0.5 * l2 * np.sum(W2 * W2)
    loss = data_loss + reg_loss
    if i % 1000 == 0:
        print('iteration %d: loss %f' % (i, loss))

    # The gradients, from the last layer to the first.
    dscores = np.exp(logprobs)
    dscores[range(num_examples), y] -= 1
    dscores /= num_examples
    dW2 = np.dot(hidden_layer.T, dscores)
    db2 = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden_layer <= 0] = 0
    dW = np.dot(X.T, dhidden)
    db = np.sum(dhidden, axis=0)

    # The update.
    dW += l2 * W
    dW2 += l2 * W2
    W -= learning_rate * dW
    b -= learning_rate * db
    W2 -= learning_rate * dW2
    b2 -= learning_rate * db2

# The accuracy.
hidden_layer = np.maximum(0, np.dot(X, W) + b)
scores = np.dot(hidden_layer, W2) + b2
predicted_class = np.argmax(scores, axis=1)
print('training accuracy: %.2f' % np.mean(predicted_class == y))
