export const en = {
  title: 'The spiral, arm by arm',
  caption:
    'Each point goes out by r and turns by t; noise then turns it a little more or less. Move a number of the formula, or draw the points again, one after another.',
  keys: 'Tab goes from slider to slider, the arrow keys move it.',
  picture: (points: string) => `${points} points of the spiral, in the order in which the formula makes them`,
  drawn: 'points',
  radius: 'radius',
  turn: 'turn of an arm',
  noise: 'noise',
  radians: (value: string) => `${value} rad`,
  degrees: (radians: string, degrees: string) => `${radians} rad = ${degrees}°`,
  /** The point that was drawn last. */
  point: (number: string) => `Point ${number}`,
  none: 'No point yet',
  class: 'class',
  drawnOf: (drawn: string, all: string) => `${drawn} of ${all}`,
  from: 't from',
  to: 't to',
};

export type SpiralWords = typeof en;
