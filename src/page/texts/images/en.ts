export const en = {
  drawing: {
    title: 'Draw one yourself',
    hint: 'Draw with the mouse or a finger. Arrow keys move the cursor, with Shift in small steps; the space key lowers and lifts the pen.',
    canvas: 'Drawing area',
    pen: (down: boolean): string => (down ? 'The pen is down.' : 'The pen is up.'),
    clear: 'Clear',
    seen: 'what the network gets',
    image: (size: string) => `The drawing in ${size} pixels, as the network gets it`,
    probabilities: 'Probability of each class',
    scores: 'Score of each class',
    nothing: 'Nothing is drawn yet.',
    told: (name: string) => `The network takes it for: ${name}.`,
    none: 'There is no network that could tell.',
  },
  templates: {
    title: 'Weights as pictures',
    classes: (size: string) =>
      `Each class has a weight for each of the ${size} pixels: a pixel with a weight above 0 speaks for the class, below 0 against it.`,
    units: (size: string) =>
      `Each unit of the first layer has a weight for each of the ${size} pixels: where a pixel raises its sum, the weight is above 0, where it lowers it, below 0.`,
    some: (shown: string, all: string) => `Shown are the first ${shown} of ${all}.`,
    unit: (unit: number) => `unit ${unit}`,
    picture: (name: string, least: string, most: string) => `Weights of ${name}, from ${least} to ${most}`,
    scale: (least: string, most: string) => `Colours of weights from ${least} to ${most}; white is 0`,
    waiting: 'The weights come with the next picture.',
  },
};

export type ImageTexts = typeof en;
