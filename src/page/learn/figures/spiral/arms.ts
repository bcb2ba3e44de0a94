import { caseStudy, RandomState } from '../../../../index.ts';
import type { Point } from '../../../settings/plane.ts';

const { data } = caseStudy.linear.options;
export const CLASSES = data.classes;
export const PER_CLASS = data.count / CLASSES;

/** What the formula of the spiral is made from. */
export interface Spiral {
  /** The radius at the end of an arm. */
  radius: number;
  /** Radians by which an arm turns. */
  turn: number;
  /** The standard deviation of the angle in radians. */
  noise: number;
}

/** The notes' spiral. */
export const NOTES: Spiral = { radius: 1, turn: 4, noise: 0.2 };

/** A point with what the formula made it from. */
export interface ArmPoint extends Point {
  radius: number;
  /** Radians, without the noise. */
  angle: number;
  /** What the noise adds to the angle. */
  shift: number;
}

/** The notes' normal numbers: a change of the noise moves the same points. */
const NORMALS = new RandomState(0).randn(data.count);

/** All points, arm by arm, each from its centre. */
export function armPoints({ radius, turn, noise }: Spiral): ArmPoint[] {
  return Array.from(NORMALS, (normal, row) => {
    const label = Math.floor(row / PER_CLASS);
    const part = (row % PER_CLASS) / (PER_CLASS - 1);
    const [r, angle, shift] = [radius * part, turn * (label + part), noise * normal];
    const t = angle + shift;
    return { row, label, x: r * Math.sin(t), y: r * Math.cos(t), radius: r, angle, shift };
  });
}

/** The curve of an arm without noise, up to a part of it. */
export function armCurve({ radius, turn }: Spiral, label: number, part: number): { x: number; y: number }[] {
  const pieces = Math.ceil(PER_CLASS * part);
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const at = pieces === 0 ? 0 : (part * i) / pieces;
    const t = turn * (label + at);
    return { x: radius * at * Math.sin(t), y: radius * at * Math.cos(t) };
  });
}
