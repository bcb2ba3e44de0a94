export const en = {
  title: 'The plane, bent by the hidden layer',
  caption:
    'The same run, in the two directions of the hidden layer in which the classes differ. The grid is the plane. Its borders are straight, and the layer learns to bend the plane until three wedges are enough. The slider is that of the figure before.',
  keys: 'on the slider, the arrow keys take one step, Page up and down a tenth, Home and End the ends.',
  waiting: 'The network is being opened.',
  class: 'class',
  right: 'points in its wedge',
};

export type SpaceWords = typeof en;
