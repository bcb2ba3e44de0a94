export const en = {
  title: 'The training, step by step',
  caption:
    'The notes’ network learns on this machine, in a run of its own. Move the slider to any step: regions, units and loss are those of that step. Choose another learning rate there, and train on: what came before stays grey.',
  keys: 'on the slider, the arrow keys take one step, Page up and down a tenth, Home and End the ends.',
  picture: (step: string) => `The regions of the classes at step ${step}`,
  units: 'What the first eight hidden units compute',
  rate: 'learning rate',
  waiting: 'The network is being opened.',
};

export type TrainingWords = typeof en;
