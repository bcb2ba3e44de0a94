import type { ComponentChildren } from 'preact';
import type { AnyDataset } from '../../../index.ts';
import type { Frame } from '../../run/protocol.ts';
import type { Measured } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Study } from '../../settings/study.ts';
import type { StudyData } from '../../settings/study-data.ts';
import type { Column } from '../../train/network/columns.ts';

/** A run at one step: all that leaves the page is made from it. */
export interface Taken {
  settings: Settings;
  data: StudyData & { train: AnyDataset };
  study: Study | undefined;
  latest: Measured;
  points: readonly Measured[];
  testPoints: readonly Measured[];
  evidence: Frame['evidence'];
  insight: Frame['insight'];
  columns: readonly Column[];
  /** The settings over the course of the run; the first entry is the start. */
  turns: Frame['turns'];
  /** The address of the page that repeats the run to this step. */
  link: string;
}

/** The width of every picture inside its margins, in the pixels of the page. */
export const WIDTH = 608;

/** A mark and what it means. */
export interface LegendEntry {
  /** Drawn around the origin, 20 high and 24 wide. */
  mark: ComponentChildren;
  text: string;
}

/** A picture that can be taken away. */
export interface Picture {
  /** A part of the file's name. */
  name: string;
  title: string;
  legend: readonly LegendEntry[];
  /** Of the content, which is {@link WIDTH} wide and drawn from the origin on. */
  height: number;
  content: ComponentChildren;
  /** A sentence below the content. */
  note?: string | undefined;
}
