import {
  blobs,
  chequerboard,
  circles,
  hills,
  moons,
  type spiral,
  tiltedPlane,
  wave,
  xor,
} from '../../index.ts';
import type { LoadedShape, Shape, Surface } from './settings.ts';

/** What makes points other than the notes', and chooses some for testing. */
export const GENERATORS: Record<Exclude<Shape, Surface | LoadedShape | 'own' | 'spiral'>, typeof spiral> = {
  circles,
  moons,
  blobs,
  xor,
  chequerboard,
};

export const HEIGHTS: Record<Surface, typeof wave> = { plane: tiltedPlane, hills, wave };

export { split } from '../../index.ts';
