import type { ArticleWords } from './words.ts';

export const en: ArticleWords = {
  title: 'How a network learns a spiral',
  introduction: (n) => [
    'A straight line cannot part three arms of a spiral. A network with one hidden layer can, and this article follows it there: data, scores, loss, gradient, update. Every figure computes on this machine. Whatever has a handle can be moved, with a pointer, a finger or the arrow keys.',
    `The numbers in the text are those of the two runs of the CS231n notes, in double precision. In single precision the network’s losses differ by more than the last digits until about step ${n.networkEvery}: its way out of the start amplifies rounding.`,
  ],
  operations: 'In the step',
  sections: (n) => ({
    data: {
      title: 'The data',
      blocks: [
        `The data set has ${n.points} points in the plane, ${n.perClass} in each of ${n.classes} classes. A point is a row of X, with ${n.features} features; its class is an entry of y. Each class is one arm of a spiral. Along an arm the radius r grows from 0 to 1 while the angle t turns by ${n.armRadians} radians, which is ${n.armDegrees}°; the next arm begins at the angle where this one ends. Normal noise with a standard deviation of ${n.noise} radians is added to every angle.`,
        { formula: 'X = (r·sin(t), r·cos(t))' },
        {
          numpy: `r = np.linspace(0, 1, ${n.perClass})\nt = ${n.armRadians} * (j + r) + ${n.noise} * np.random.randn(${n.perClass})\narm = np.stack([r * np.sin(t), r * np.cos(t)], axis=1)`,
        },
        `Features of very different sizes would have to be scaled first. Here none is larger than ${n.largestFeature}, and both means are within ${n.largestMean} of 0, so they are used as they are. Every arm starts in the centre: the same point has ${n.classes} different labels. No classifier can have more than ${n.mostRight} points right.`,
        {
          gpu: `X and y are copied into its memory once, before the first step. X has ${n.inputNumbers} numbers, ${n.inputBytes} bytes in single precision, and stays there for the whole run.`,
        },
      ],
    },
    linear: {
      title: 'The linear classifier',
      blocks: [
        'A linear classifier gives every point one number for each class: a weighted sum of its features plus a bias. These numbers are the logits, Z; the notes call them scores. The class with the largest logit is the prediction.',
        { formula: 'Z = X·W₀ + b₀' },
        { numpy: 'Z = np.dot(X, W0) + b0' },
        `W₀ has ${n.features} × ${n.classes} weights and b₀ has ${n.classes} biases: ${n.linearParameters} parameters in all. One product of matrices gives the logits of all points, ${n.points} × ${n.classes} numbers. The weights start as random numbers with a standard deviation of ${n.deviation}, the biases at 0. So all logits are near 0 at first, the largest ${n.largestLogit} in size. The classifier has learnt nothing yet. That ${n.untrainedAccuracy} of its predictions are right is luck.`,
        {
          gpu: `An invocation is one run of a kernel’s code. In the plan “layered” each invocation of the matmul kernel keeps a tile of ${n.tileRows} × ${n.tileColumns} logits in registers, so ${n.tiles} of them compute Z. The bias is added before a logit is stored, which saves a dispatch. In the plan “fused” the invocation that has a row’s logits goes on to its softmax.`,
        },
      ],
    },
    loss: {
      title: 'The loss',
      blocks: [
        'Softmax makes probabilities of a row of logits: their exponentials, divided by the sum of these. Subtracting the row’s largest logit first changes no probability and keeps the exponentials from overflowing. The loss of a point is its cross-entropy, −ln of the probability of the correct class. It is 0 if that is 1, and grows without bound as it goes to 0.',
        { formula: 'P = exp(Z) / Σ exp(Z)' },
        { formula: 'L = −ln P[y]' },
        {
          numpy:
            'P = np.exp(Z - Z.max(axis=1, keepdims=True))\nP /= P.sum(axis=1, keepdims=True)\nL = -np.log(P[range(N), y])',
        },
        `If all logits are 0, each of the ${n.classes} classes has probability 1/${n.classes}, and every point loses ln ${n.classes} = ${n.chanceLoss}. Small weights change little: the classifier starts at ${n.linearLossFirst}, the network at ${n.networkLossFirst}. A start far from ln ${n.classes} points to a mistake.`,
        { formula: 'loss = (Σ L) / N + ½·λ·Σ W²' },
        { numpy: 'loss = L.mean() + 0.5 * l2 * (W0**2).sum()' },
        `The second term is the L2 regularisation, with λ = ${n.l2}: large weights cost something, biases do not. The network starts with ${n.networkPenaltyFirst} of it.`,
        {
          gpu: `The softmax kernel takes one invocation a row, ${n.points} in ${n.softmaxWorkgroups} workgroups of ${n.workgroup}. It leaves the row’s loss and its gradient; P is never stored. The losses are added up, in a fixed order, only when somebody looks.`,
        },
      ],
    },
    gradient: {
      title: 'The gradient',
      blocks: [
        `How does the loss change with each parameter? Start at the logits. There the derivative is short: the probability, less 1 for the correct class. Say P = ${n.exampleProbabilities} and the middle class is correct. Then the gradient is ${n.exampleGradient}: raising the middle logit lowers the loss, raising another one increases it. Every row sums to 0, because probabilities sum to 1.`,
        { formula: 'dZ = (P − 1[y]) / N' },
        { numpy: 'dZ = P.copy()\ndZ[range(N), y] -= 1\ndZ /= N' },
        `The loss is a mean, hence the division by N. The point in the centre, whose logits are 0, begins with ${n.centreGradient}. The chain rule takes dZ to the parameters: a weight’s gradient is its feature times dZ, summed over all points, and a bias’s is the sum of its column.`,
        { formula: 'dW₀ = Xᵀ·dZ' },
        { numpy: 'dW0 = np.dot(X.T, dZ)' },
        { formula: 'db₀ = Σ dZ' },
        { numpy: 'db0 = dZ.sum(axis=0)' },
        {
          gpu: `The gradient dW₀ is a product again, now of sums over ${n.points} rows. The classifier’s has ${n.linearWeights} numbers, which are one tile: in the plan “layered” a single invocation adds all of them up, far too little work for a GPU. The biases have a kernel with one invocation a column.`,
        },
      ],
    },
    update: {
      title: 'The update',
      blocks: [
        `The gradient points to where the loss rises fastest. So every parameter moves against it, by the learning rate η times its gradient; in the notes η = ${n.learningRate}. The regularisation adds λ·W₀ to the gradient of the weights. A weight that the data leaves alone therefore shrinks: each update multiplies it by 1 − η·λ = ${n.decay}.`,
        { formula: 'W₀ ← W₀ − η·(dW₀ + λ·W₀)' },
        { numpy: 'W0 -= lr * (dW0 + l2 * W0)' },
        { formula: 'b₀ ← b₀ − η·db₀' },
        { numpy: 'b0 -= lr * db0' },
        `One update takes the classifier’s loss from ${n.linearLossFirst} to ${n.linearLossAfter1}, ten take it to ${n.linearLossAfter10}. Then progress slows: from update ${n.linearLastButTen} to update ${n.linearLast} the loss falls by ${n.linearLastFall}. A printed loss is the one before that step’s update, so the first line shows the untrained model.`,
        {
          gpu: `In the plan “layered” the update kernel takes one invocation a parameter. In “fused” the invocation that has added up a gradient updates the parameter at once: dW₀ and db₀ are never stored. The classifier’s step needs ${n.fusedDispatches} dispatches instead of ${n.linearDispatches}.`,
        },
      ],
    },
    failure: {
      title: 'Why the linear classifier fails',
      blocks: [
        `After ${n.linearLast} updates the classifier has ${n.linearAccuracy} of the points right: ${n.linearRight}, where the untrained one had ${n.untrainedRight}. Two classes border where their logits are equal, and that is the equation of a straight line. The borders meet in one point, ${n.bordersMeet}, and each class has a wedge between two of them. Every wedge is narrower than half a turn, but an arm turns by ${n.armDegrees}°. No wedge holds an arm.`,
        `More training does not help. After ${n.longRun} updates the loss is ${n.linearLossLong} instead of ${n.linearLoss}, and the same number of points is right. The loss of a linear classifier is convex: there is no better valley elsewhere. Nor does it help to leave out the regularisation. The loss did fall, because it measures probabilities: the correct class has ${n.linearProbability} in the geometric mean, up from 1/${n.classes}.`,
        {
          gpu: `The decision regions are predictions at the ${n.gridNodes} × ${n.gridNodes} nodes of a grid. One dispatch computes logits and one softmax, for many of the ${n.gridRows} rows at a time. No row waits for another, which suits a GPU.`,
        },
      ],
    },
    hidden: {
      title: 'A hidden layer',
      blocks: [
        `The network first computes features of its own: ${n.units} hidden units. Each is a weighted sum of the inputs plus a bias, with everything below 0 cut off. This is the ReLU. The last layer is a linear classifier as before, with H₀ in place of X.`,
        { formula: 'H₀ = max(0, X·W₀ + b₀)' },
        { numpy: 'H0 = np.maximum(0, np.dot(X, W0) + b0)' },
        { formula: 'Z = H₀·W₁ + b₁' },
        { numpy: 'Z = np.dot(H0, W1) + b1' },
        `A unit is 0 on one side of a line and rises on the other: it folds the plane. Without the cut, W₀ and W₁ would act as the one matrix W₀·W₁, and the network would be linear again. With it, the borders can bend at every fold. There are ${n.networkParameters} parameters, ${n.timesParameters} times as many as before. At the start all lines go through the centre, and ${n.hiddenZeros} of the ${n.hiddenEntries} numbers in H₀ are 0.`,
        {
          gpu: `In “layered” one matmul kernel also adds the bias and applies the ReLU, in ${n.hiddenTiles} invocations with tiles of ${n.hiddenTile} × ${n.hiddenTile}. “fused” does not store H₀: an invocation goes over all units for its rows and adds each output to the logits at once.`,
        },
      ],
    },
    backpropagation: {
      title: 'Backpropagation',
      blocks: [
        'The last layer’s gradient is the classifier’s, with H₀ in place of X. To go on, dZ is sent back through W₁: each unit receives the gradients of the logits, weighted as it contributed to them. Where the ReLU had cut a unit off, its sum had no influence, so its gradient is set to 0; elsewhere it passes unchanged. What remains is the first layer’s, with dH₀ in place of dZ.',
        { formula: 'dW₁ = H₀ᵀ·dZ' },
        { numpy: 'dW1 = np.dot(H0.T, dZ)' },
        { formula: 'dH₀ = dZ·W₁ᵀ' },
        { numpy: 'dH0 = np.dot(dZ, W1.T)' },
        { formula: 'dH₀ = 0 where H₀ ≤ 0' },
        { numpy: 'dH0[H0 <= 0] = 0' },
        { formula: 'dW₀ = Xᵀ·dH₀' },
        { numpy: 'dW0 = np.dot(X.T, dH0)' },
        `dH₀ is as small as W₁. At the start the gradient on W₀ has the norm ${n.gradientNormNetwork}, ${n.gradientRatio} times less than the classifier’s ${n.gradientNormLinear}. Hence the slow start, next to a saddle: ten updates only reach ${n.networkLossAfter10}. Differences of the loss confirm these gradients to ${n.gradientDigits} digits.`,
        {
          gpu: `In “fused” an invocation of the backward pass owns a few units. It computes their outputs again instead of loading them, then adds up and applies all their gradients. Only dZ, ${n.passed} numbers, passes from one dispatch to the other.`,
        },
      ],
    },
    training: {
      title: 'The training',
      blocks: [
        `After ${n.soon} updates ${n.soonAccuracy} of the points are right, hardly more than the classifier has. From update ${n.beforeRise} to ${n.afterRise} the loss even rises, from ${n.lossBeforeRise} to ${n.lossAfterRise}. After ${n.networkEvery} it is ${n.lossAfter1000}, and ${n.accuracyAfter1000} are right; the last ${n.half} lower it by ${n.secondHalfFall}.`,
        `After ${n.longRun} updates ${n.networkAccuracy} of the points are right, ${n.networkRight}. The other ${n.networkWrong} lie within ${n.wrongWithin} of the centre, where the arms touch, and ${n.inevitable} of these are inevitable.`,
        `The weights have grown: the norms of W₀ and W₁ from ${n.normFirst0} and ${n.normFirst1} to ${n.normLast} each. Of the final loss, ${n.networkLoss}, regularisation makes up ${n.penaltyLast}, more than half.`,
      ],
    },
    space: {
      title: 'The space of the hidden layer',
      blocks: [
        `Why does the network succeed where the classifier fails? The last layer still draws straight borders, but among the ${n.units} features of H₀; seen in the plane, they bend along the arms. The hidden layer has moved the points to where straight borders are enough.`,
        `Not all of it takes part. ${n.dead} units have died: they are 0 for every point, so no gradient reaches them, and λ shrinks their weights towards 0.`,
      ],
    },
    gpu: {
      title: 'What the GPU does',
      blocks: [
        `A step is ${n.multiplyAdds} multiplications with additions, which a GPU does in microseconds. The time goes elsewhere: a GPU gets its work in dispatches, and each costs time before it computes anything. “layered” needs ${n.networkDispatches} dispatches a step, one a line of the mathematics. “fused” needs ${n.fusedDispatches}.`,
        `The plan “resident” makes many steps in one dispatch. Its only workgroup keeps the ${n.networkParameters} parameters and dZ in workgroup memory, with barriers between the passes. All plans give the same numbers.`,
      ],
    },
  }),
};
