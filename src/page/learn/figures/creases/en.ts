export const en = {
  title: 'A hundred creases',
  caption: (steps: string) =>
    `Each line is a hidden unit of the notes’ network after ${steps} updates: 0 on one side, rising on the other. The picture shows what the first units, the strongest ones, sum to: blue above 0, orange below. The curve is a cut from left to right through the middle. Without the ReLU no crease is left: however many planes are added, their sum is one plane.`,
  keys: 'Tab to the slider, the list or the box, then the arrow keys or Space.',
  picture: (what: string, count: string, relu: boolean) =>
    `${what}, from ${count} units ${relu ? 'with' : 'without'} ReLU`,
  units: 'hidden units',
  of: (count: string, all: string) => `${count} of ${all}`,
  show: 'shown',
  views: (label: number) => (label < 3 ? `logit of class ${label}` : 'decision regions'),
  relu: 'ReLU: cut off what is below 0',
  training: (step: string, steps: string) => `The network trains: update ${step} of ${steps}.`,
  result: (right: string, without: string, all: string) =>
    `${right} of ${all} points right; without ReLU ${without}`,
  cut: (what: string) => `The ${what} along the line y = 0`,
  heads: {
    unit: 'unit',
    x: 'weight x',
    y: 'weight y',
    bias: 'bias',
    out: (label: number) => `to class ${label}`,
  },
};

export type CreasesWords = typeof en;
