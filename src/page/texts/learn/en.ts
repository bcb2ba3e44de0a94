export const en = {
  contents: 'Contents',
  /** The name of the link to a section, beside its title. */
  link: (title: string) => `Link to “${title}”`,
  gpu: 'On the GPU',
  figure: {
    waiting: (title: string) => `The figure of “${title}” is loading.`,
    reset: 'Back to the start',
    numbers: 'The numbers of this figure',
    keys: 'Keyboard',
  },
};

export type LearnTexts = typeof en;
