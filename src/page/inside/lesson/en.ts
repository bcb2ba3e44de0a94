import type { LessonWords } from './lesson.ts';

export const en: LessonWords = {
  title: 'The case study, step by step',
  introduction: (f) =>
    `The figures below are those of the two presets of the notes, computed in double precision. In single precision the network’s losses differ by more than the last digits until about step ${f.networkEvery}: its way out of the start amplifies rounding.`,
  operations: 'In the step',
  sections: (f) => ({
    data: {
      title: 'The data',
      blocks: [
        `The data set has ${f.points} points in the plane, ${f.perClass} in each of ${f.classes} classes. A point is a row of X, with ${f.features} features; its class is an entry of y. Each class is one arm of a spiral. Along an arm the radius r grows from 0 to 1 while the angle t turns by ${f.armRadians} radians, which is ${f.armDegrees}°; the next arm begins at the angle where this one ends. Normal noise with a standard deviation of ${f.noise} radians is added to every angle.`,
        { formula: 'X = (r·sin(t), r·cos(t))' },
        {
          numpy: `r = np.linspace(0, 1, ${f.perClass})\nt = ${f.armRadians} * (j + r) + ${f.noise} * np.random.randn(${f.perClass})\narm = np.stack([r * np.sin(t), r * np.cos(t)], axis=1)`,
        },
        `Features of very different sizes would have to be scaled first. Here none is larger than ${f.largestFeature}, and both means are within ${f.largestMean} of 0, so they are used as they are. Every arm starts in the centre: the same point has ${f.classes} different labels. No classifier can have more than ${f.mostRight} points right.`,
        `On the GPU: X and y are copied into its memory once, before the first step. X has ${f.inputNumbers} numbers, ${f.inputBytes} bytes in single precision, and stays there for the whole run.`,
      ],
    },
    linear: {
      title: 'The linear classifier',
      blocks: [
        'A linear classifier gives every point one number for each class: a weighted sum of its features plus a bias. These numbers are the logits, Z; the notes call them scores. The class with the largest logit is the prediction.',
        { formula: 'Z = X·W₀ + b₀' },
        { numpy: 'Z = np.dot(X, W0) + b0' },
        `W₀ has ${f.features} × ${f.classes} weights and b₀ has ${f.classes} biases: ${f.linearParameters} parameters in all. One product of matrices gives the logits of all points, ${f.points} × ${f.classes} numbers. The weights start as random numbers with a standard deviation of ${f.deviation}, the biases at 0. So all logits are near 0 at first, the largest ${f.largestLogit} in size. The classifier has learnt nothing yet. That ${f.untrainedAccuracy} of its predictions are right is luck.`,
        `On the GPU: an invocation is one run of a kernel’s code. In the plan “layered” each invocation of the matmul kernel keeps a tile of ${f.tileRows} × ${f.tileColumns} logits in registers, so ${f.tiles} of them compute Z. The bias is added before a logit is stored, which saves a dispatch. In the plan “fused” the invocation that has a row’s logits goes on to its softmax.`,
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
        `If all logits are 0, each of the ${f.classes} classes has probability 1/${f.classes}, and every point loses ln ${f.classes} = ${f.chanceLoss}. Small weights change little: the classifier starts at ${f.linearLossFirst}, the network at ${f.networkLossFirst}. A start far from ln ${f.classes} points to a mistake.`,
        { formula: 'loss = (Σ L) / N + ½·λ·Σ W²' },
        { numpy: 'loss = L.mean() + 0.5 * l2 * (W0**2).sum()' },
        `The second term is the L2 regularisation, with λ = ${f.l2}: large weights cost something, biases do not. The network starts with ${f.networkPenaltyFirst} of it.`,
        `On the GPU: the softmax kernel takes one invocation a row, ${f.points} in ${f.softmaxWorkgroups} workgroups of ${f.workgroup}. It leaves the row’s loss and its gradient; P is never stored. The losses are added up, in a fixed order, only when somebody looks.`,
      ],
    },
    gradient: {
      title: 'The gradient',
      blocks: [
        `How does the loss change with each parameter? Start at the logits. There the derivative is short: the probability, less 1 for the correct class. Say P = ${f.exampleProbabilities} and the middle class is correct. Then the gradient is ${f.exampleGradient}: raising the middle logit lowers the loss, raising another one increases it. Every row sums to 0, because probabilities sum to 1.`,
        { formula: 'dZ = (P − 1[y]) / N' },
        { numpy: 'dZ = P.copy()\ndZ[range(N), y] -= 1\ndZ /= N' },
        `The loss is a mean, hence the division by N. The point in the centre, whose logits are 0, begins with ${f.centreGradient}. The chain rule takes dZ to the parameters: a weight’s gradient is its feature times dZ, summed over all points, and a bias’s is the sum of its column.`,
        { formula: 'dW₀ = Xᵀ·dZ' },
        { numpy: 'dW0 = np.dot(X.T, dZ)' },
        { formula: 'db₀ = Σ dZ' },
        { numpy: 'db0 = dZ.sum(axis=0)' },
        `On the GPU: dW₀ is a product again, now of sums over ${f.points} rows. The classifier’s has ${f.linearWeights} numbers, which are one tile: in the plan “layered” a single invocation adds all of them up, far too little work for a GPU. The biases have a kernel with one invocation a column.`,
      ],
    },
    update: {
      title: 'The update',
      blocks: [
        `The gradient points to where the loss rises fastest. So every parameter moves against it, by the learning rate η times its gradient; in the notes η = ${f.learningRate}. The regularisation adds λ·W₀ to the gradient of the weights. A weight that the data leaves alone therefore shrinks: each update multiplies it by 1 − η·λ = ${f.decay}.`,
        { formula: 'W₀ ← W₀ − η·(dW₀ + λ·W₀)' },
        { numpy: 'W0 -= lr * (dW0 + l2 * W0)' },
        { formula: 'b₀ ← b₀ − η·db₀' },
        { numpy: 'b0 -= lr * db0' },
        `One update takes the classifier’s loss from ${f.linearLossFirst} to ${f.linearLossAfter1}, ten take it to ${f.linearLossAfter10}. Then progress slows: from update ${f.linearLastButTen} to update ${f.linearLast} the loss falls by ${f.linearLastFall}. A printed loss is the one before that step’s update, so the first line shows the untrained model.`,
        `On the GPU: in the plan “layered” the update kernel takes one invocation a parameter. In “fused” the invocation that has added up a gradient updates the parameter at once: dW₀ and db₀ are never stored. The classifier’s step needs ${f.fusedDispatches} dispatches instead of ${f.linearDispatches}.`,
      ],
    },
    failure: {
      title: 'Why the linear classifier fails',
      blocks: [
        `After ${f.linearLast} updates the classifier has ${f.linearAccuracy} of the points right: ${f.linearRight}, where the untrained one had ${f.untrainedRight}. Two classes border where their logits are equal, and that is the equation of a straight line. The borders meet in one point, ${f.bordersMeet}, and each class has a wedge between two of them. Every wedge is narrower than half a turn, but an arm turns by ${f.armDegrees}°. No wedge holds an arm.`,
        `More training does not help. After ${f.longRun} updates the loss is ${f.linearLossLong} instead of ${f.linearLoss}, and the same number of points is right. The loss of a linear classifier is convex: there is no better valley elsewhere. Nor does it help to leave out the regularisation. The loss did fall, because it measures probabilities: the correct class has ${f.linearProbability} in the geometric mean, up from 1/${f.classes}.`,
        `On the GPU: the decision regions are predictions at the ${f.gridNodes} × ${f.gridNodes} nodes of a grid. One dispatch computes logits and one softmax, for many of the ${f.gridRows} rows at a time. No row waits for another, which suits a GPU.`,
      ],
    },
    hidden: {
      title: 'A hidden layer',
      blocks: [
        `The network first computes features of its own: ${f.units} hidden units. Each is a weighted sum of the inputs plus a bias, with everything below 0 cut off. This is the ReLU. The last layer is a linear classifier as before, with H₀ in place of X.`,
        { formula: 'H₀ = max(0, X·W₀ + b₀)' },
        { numpy: 'H0 = np.maximum(0, np.dot(X, W0) + b0)' },
        { formula: 'Z = H₀·W₁ + b₁' },
        { numpy: 'Z = np.dot(H0, W1) + b1' },
        `A unit is 0 on one side of a line and rises on the other: it folds the plane. Without the cut, W₀ and W₁ would act as the one matrix W₀·W₁, and the network would be linear again. With it, the borders can bend at every fold. There are ${f.networkParameters} parameters, ${f.timesParameters} times as many as before. At the start all lines go through the centre, and ${f.hiddenZeros} of the ${f.hiddenEntries} numbers in H₀ are 0.`,
        `On the GPU: in “layered” one matmul kernel also adds the bias and applies the ReLU, in ${f.hiddenTiles} invocations with tiles of ${f.hiddenTile} × ${f.hiddenTile}. “fused” does not store H₀: an invocation goes over all units for its rows and adds each output to the logits at once.`,
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
        `dH₀ is as small as W₁. At the start the gradient on W₀ has the norm ${f.gradientNormNetwork}, ${f.gradientRatio} times less than the classifier’s ${f.gradientNormLinear}. Hence the slow start, next to a saddle: ten updates only reach ${f.networkLossAfter10}. Differences of the loss confirm these gradients to ${f.gradientDigits} digits.`,
        `On the GPU: “layered” needs ${f.networkDispatches} dispatches a step, “fused” ${f.fusedDispatches}. An invocation of its backward pass owns a few units. It computes their outputs again instead of loading them, then adds up and applies all their gradients. Only dZ, ${f.passed} numbers, passes from one dispatch to the other.`,
      ],
    },
    success: {
      title: 'Why the network succeeds',
      blocks: [
        `After ${f.longRun} updates ${f.networkAccuracy} of the points are right, ${f.networkRight}. The other ${f.networkWrong} lie within ${f.wrongWithin} of the centre, where the arms touch, and ${f.inevitable} of these are inevitable. The last layer still draws straight borders, but among the ${f.units} features of H₀; seen in the plane, they bend along the arms.`,
        `After ${f.soon} updates ${f.soonAccuracy} are right, hardly more than the classifier has. From update ${f.beforeRise} to ${f.afterRise} the loss even rises, from ${f.lossBeforeRise} to ${f.lossAfterRise}. After ${f.networkEvery} it is ${f.lossAfter1000}, and ${f.accuracyAfter1000} are right; the last ${f.half} lower it by ${f.secondHalfFall}.`,
        `The weights have grown: the norms of W₀ and W₁ from ${f.normFirst0} and ${f.normFirst1} to ${f.normLast} each. Of the final loss, ${f.networkLoss}, regularisation makes up ${f.penaltyLast}, more than half. ${f.dead} units have died: they are 0 for every point, so no gradient reaches them, and λ shrinks their weights towards 0.`,
        `On the GPU: a step is ${f.multiplyAdds} multiplications with additions. The plan “resident” makes many steps in one dispatch. Its only workgroup keeps the ${f.networkParameters} parameters and dZ in workgroup memory, with barriers between the passes.`,
      ],
    },
  }),
};
