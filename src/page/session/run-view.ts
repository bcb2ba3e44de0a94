import type {
  Checked,
  Frame,
  InsideState,
  Problem,
  Report,
  RunStatus,
  StopReason,
  TimingStatus,
  TrialStatus,
} from '../run/protocol.ts';
import type { Measured } from '../settings/network.ts';
import { joined } from './curve.ts';

/** The page's knowledge of the run. */
export interface RunView extends Partial<Omit<Frame, 'points' | 'testPoints'>> {
  status: RunStatus;
  stopped?: StopReason | undefined;
  /** The curves so far, by rising step. */
  points: readonly Measured[];
  testPoints: readonly Measured[];
  /** The curves of the course that the run has left, to go on from an earlier step. */
  former?: Pick<RunView, 'points' | 'testPoints'> | undefined;
  /** The step that was asked for, until it is shown. */
  sought?: number | undefined;
  /** Whether training pauses when the step under way has ended. */
  pausing?: boolean;
  timing: TimingStatus;
  /** The search for a learning rate. */
  trial: TrialStatus;
  problem?: Problem | undefined;
  /** A problem of a check or a comparison beside the run. */
  aside?: Problem | undefined;
  /** Why the run did not take over the last settings. */
  refusal?: Problem | undefined;
  /** The next step as last read, if the view Inside is open. */
  inside?: InsideState | undefined;
  /** Results of the checks, and the check under way. */
  checked: { [What in Checked['what']]?: Extract<Checked, { what: What }>['result'] };
  checking?: Checked['what'] | undefined;
}

/** A run of which nothing is known yet. */
export const UNKNOWN: RunView = {
  status: 'preparing',
  points: [],
  testPoints: [],
  timing: { state: 'idle' },
  trial: { state: 'idle' },
  checked: {},
};

/** What a frame changes in the view of the run before it. */
export function changesByFrame(
  before: RunView,
  { frame, status, stopped }: Extract<Report, { type: 'frame' }>,
): Partial<RunView> {
  const { latest, end, tested } = frame;
  const left = end === undefined && latest.step < (before.end ?? 0) && frame.points.length > 0;
  const arrived = latest.step === before.sought || status === 'training';
  return {
    ...frame,
    ...{ end, tested },
    former: left ? { points: before.points, testPoints: before.testPoints } : before.former,
    sought: arrived ? undefined : before.sought,
    evidence: frame.evidence ?? before.evidence,
    points: joined(before.points, frame.points),
    testPoints: joined(before.testPoints, frame.testPoints),
    stepsPerSecond: frame.stepsPerSecond,
    insight: frame.insight ?? before.insight,
    // Checks of another step do not hold here.
    ...(latest.step !== before.latest?.step && { checked: {} }),
    ...(status && { status, stopped, pausing: false, problem: undefined }),
  };
}
