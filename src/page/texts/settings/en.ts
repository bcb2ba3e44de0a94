import type { Preset } from '../../settings/presets.ts';
import type { Settings } from '../../settings/settings.ts';

/** A setting's name, and what it does in one line. */
interface Named {
  label: string;
  hint: string;
}

export const en = {
  groups: {
    preset: 'Preset',
    data: 'Data',
    network: 'Network',
    training: 'Training',
    stop: 'Stop and speed',
  },
  settingsLabel: 'Settings',
  more: { network: 'More: activation, dropout', training: 'More: schedule, penalties, loss' },
  accepted: (min: string, max: string, whole: boolean) =>
    `${whole ? 'A whole number' : 'A number'} from ${min} to ${max}.`,
  grouped: 'No comma or point between thousands.',
  settings: {
    shape: { label: 'Data set', hint: 'what is to be learned' },
    classes: { label: 'Classes', hint: 'how many kinds of points' },
    perClass: { label: 'Points per class', hint: 'how many are drawn of each kind' },
    noise: { label: 'Noise', hint: 'how far points stray from their place' },
    dataSeed: { label: 'Data seed', hint: 'other numbers draw other points' },
    testShare: { label: 'Test share', hint: 'part kept for testing, never trained on' },
    edits: { label: 'your points', hint: '' },
    table: { label: 'your rows', hint: '' },
    scaled: { label: 'Scale features', hint: 'to mean 0 and standard deviation 1 of the training rows' },
    axes: { label: 'axes', hint: '' },
    features: { label: 'Inputs', hint: 'what the network gets of a point' },
    hidden: { label: 'Hidden layers', hint: 'none makes the model linear' },
    initialization: { label: 'Initial weights', hint: 'how they are drawn' },
    deviation: { label: 'Standard deviation', hint: 'of the normal distribution; the notes have 0.01' },
    weightSeed: { label: 'Weight seed', hint: 'other numbers draw other weights' },
    activation: { label: 'Activation', hint: 'what a hidden unit makes of its sum' },
    dropout: {
      label: 'Dropout',
      hint: 'share of hidden outputs a step drops, 0 to 0.9; applies immediately',
    },
    loss: { label: 'Loss', hint: 'what training makes small' },
    classWeights: {
      label: 'Class weights',
      hint: 'how much a point of each class counts; apply immediately',
    },
    learningRate: { label: 'Learning rate', hint: 'size of a step; applies immediately' },
    schedule: { label: 'Schedule', hint: 'the learning rate over the steps; applies immediately' },
    warmup: { label: 'Warm-up', hint: 'steps in which the rate rises to its value; 0 for none' },
    decayEvery: { label: 'Decay after', hint: 'steps, each time, that the factor is for' },
    decayFactor: { label: 'Decay factor', hint: 'what is left of the rate then, 0.001 to 1' },
    cosineSteps: { label: 'Cosine steps', hint: 'steps in which the rate falls' },
    cosineEnd: { label: 'Last rate', hint: 'at which the cosine ends, 0 to 100' },
    l2: { label: 'L2', hint: 'pull on the weights towards 0; applies immediately' },
    l1: { label: 'L1', hint: 'pull by the same amount, which makes weights 0; applies immediately' },
    weightDecay: {
      label: 'Weight decay',
      hint: 'times the rate: share taken off the weights; applies immediately',
    },
    optimizer: { label: 'Optimizer', hint: 'how gradients become updates' },
    momentum: { label: 'Momentum', hint: 'part of the last update that goes on; applies immediately' },
    beta1: { label: 'β₁', hint: 'part of the mean gradient that is kept, 0 to 0.999; applies immediately' },
    beta2: { label: 'β₂', hint: 'part of the mean square that is kept, 0 to 0.9999; applies immediately' },
    decay: { label: 'Decay of squares', hint: 'part of the mean square that is kept, 0 to 0.9999' },
    epsilon: { label: 'ε', hint: 'added to the root of the squares, 1e-10 to 1' },
    batchSize: { label: 'Batch size', hint: 'points a step sees; 0 for all' },
    precision: { label: 'Precision', hint: 'double is slower' },
    backend: { label: 'Runs on', hint: 'what computes the steps' },
    plan: { label: 'Plan', hint: 'how a step becomes GPU kernels' },
    stopStep: { label: 'Stop at step', hint: '0 for never' },
    stopLoss: { label: 'Stop at loss', hint: 'of the test points, if any; 0 for never' },
    stopAccuracy: { label: 'Stop at accuracy', hint: '0 to 1, of the test points, if any; 0 for never' },
    patience: { label: 'Stop without improvement', hint: 'for so many steps; 0 for never' },
    speed: { label: 'Speed', hint: 'steps per second; 0 for as fast as possible' },
  } satisfies Record<keyof Settings, Named>,
  shapes: {
    spiral: 'spiral',
    circles: 'circles',
    moons: 'moons',
    blobs: 'blobs',
    xor: 'XOR',
    chequerboard: 'chequerboard',
    own: 'your own points only',
    plane: 'values: a tilted plane',
    hills: 'values: a hill and a hollow',
    wave: 'values: a round wave',
    digits: 'digits: 1,797 handwritten images of 8×8',
    table: 'your own rows',
  },
  splitSeed: { label: 'Data seed', hint: 'other numbers choose other test rows' },
  scaledPixels: { label: 'Scale pixels', hint: 'to numbers from 0 to 1, all divided by the largest' },
  surfacePoints: { label: 'Points', hint: 'how many are drawn; each has a value' },
  surfaceNoise: { label: 'Noise', hint: 'how far values stray from the surface' },
  squaredError:
    'The loss of values is half the squared error. Class weights, hinge and accuracy need classes.',
  starts: {
    notes: 'as in the notes (0.01)',
    normal: 'normal',
    he: 'He, √(2 / inputs)',
    glorot: 'Glorot, √(2 / (inputs + outputs))',
    lecun: 'LeCun, √(1 / inputs)',
  },
  optimizers: {
    sgd: 'gradient descent',
    momentum: 'with momentum',
    nesterov: 'Nesterov’s momentum',
    adagrad: 'AdaGrad',
    rmsprop: 'RMSProp',
    adam: 'Adam',
  },
  precisions: { single: 'single, about 7 digits', double: 'double, about 14 digits or more' },
  backends: { auto: 'GPU, if there is one', cpu: 'CPU', fastest: 'the faster of both, measured' },
  plans: {
    auto: 'automatic',
    layered: 'layered: a kernel an operation',
    fused: 'fused: few kernels a step',
    resident: 'resident: many steps a kernel',
  },
  layers: {
    layer: (number: number) => `Layer ${number}`,
    units: 'units',
    add: 'Add layer',
    remove: (number: number) => `Remove layer ${number}`,
    most: 'Six hidden layers are the most.',
  },
  presetLabel: 'Preset',
  presetOwn: 'your own settings',
  presetChanged: (name: string) => `${name}, changed`,
  presetChanges: (what: string) => `Changed: ${what}.`,
  presetBack: 'Back to the preset',
  presets: {
    network: 'Two-layer network of the notes',
    linear: 'Linear classifier of the notes',
    hinge: 'A support vector machine',
    products: 'XOR by a linear model',
    tanh: 'tanh instead of ReLU',
    regression: 'A regression',
    digits: 'Handwritten digits',
    overfit: 'Twenty points learned by heart',
    dropout: 'Dropout on twenty noisy points',
    rate: 'Too high a learning rate',
    cosine: 'A cosine instead of a constant rate',
    adam: 'Adam instead of gradient descent',
    dead: 'Dead units',
    zero: 'All weights zero',
    deep: 'Deep and narrow',
  } satisfies Record<Preset, string>,
  activations: {
    relu: 'ReLU, z or 0',
    'leaky-relu': 'leaky ReLU, z or 0.01 z',
    elu: 'ELU, z or eᶻ − 1',
    tanh: 'tanh',
    sigmoid: 'sigmoid, 1 / (1 + e⁻ᶻ)',
    softplus: 'softplus, ln(1 + eᶻ)',
    identity: 'none: z itself',
  },
  losses: { 'cross-entropy': 'cross-entropy of softmax', hinge: 'hinge, a support vector machine' },
  schedules: {
    constant: 'constant',
    step: 'steps down',
    exponential: 'exponential decay',
    cosine: 'cosine decay',
  },
  schedule: {
    at: (rate: string, step: string) => `${rate} at step ${step}`,
    now: (now: string, end: string) => `Now ${now}; drawn to step ${end}`,
  },
  looks: {
    network:
      'The borders bend around the arms within a thousand steps. At step 10,000 the accuracy is the notes’ 98\u00a0%; how far the losses agree depends on the precision.',
    linear:
      'Three straight borders are all it can draw. Half of the points stay on the wrong side, however long it trains.',
    hinge:
      'The hinge loss is 0 as soon as every point is right by a margin of 1; then the weights stand still. Choose cross-entropy under “More”: its loss goes on falling and its weights go on growing, though every point has long been right.',
    products:
      'With the product xy beside x and y, even a linear model tells the corners apart: its border is a cross. Switch xy off under “Inputs” and press Train: one straight border is right for hardly more than half of the points.',
    tanh: 'Every unit of tanh bends smoothly, and so do the borders. Choose ReLU under “More”: the borders become straight pieces with corners, and the loss falls faster at first.',
    regression:
      'The network learns a value at each point: the rings of the wave appear within 500 steps, and r² passes 0.9, on the test points a little later. Remove both hidden layers and train again: a linear model only tilts a plane, and r² stays near 0.',
    digits:
      'Within 200 steps 94\u00a0% of the test images are right, in the end about 97\u00a0%; the confusion matrix shows which digits are taken for others. The plane holds little more than a quarter of the variance of 64 dimensions: images that lie on each other there are told apart all the same.',
    overfit:
      'The training loss goes to zero while the test loss rises: the network remembers its twenty points. Raise L2 to 0.03 and see the two come together.',
    dropout:
      'Each step drops half of the hidden outputs, so the network learns its twenty points by heart more slowly. Note the test loss at step 500, set dropout to 0 under “More”, and rewind: it rises to far more in the same time.',
    rate: 'Each step overshoots, and the loss goes on jumping instead of coming to rest. Lower the learning rate to 0.5 while it trains and see it settle.',
    cosine:
      'Batches of 16 points push the weights to and fro, but the rate falls along the curve under “More” and the loss comes to rest. Choose a constant schedule, rewind and train: the loss goes on jumping to the last step.',
    adam: 'Adam leaves the start at once, with a step of its own size for each weight. Note the loss at step 300, then choose gradient descent and look again.',
    dead: 'The first steps throw most units to where they are 0 for every point; see their share under “Layers”. They get no gradient and never come back.',
    zero: 'Every unit computes the same, so no gradient tells them apart. With as many points in each class not even the last biases move: the loss stays ln 3.',
    deep: 'Four layers of four units fold the plane step by step; follow the pictures from left to right. Try other weight seeds: with 0 it never learns.',
  } satisfies Record<Preset, string>,
};

export type SettingsTexts = typeof en;
