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
  return {
    ...frame,
    evidence: frame.evidence ?? before.evidence,
    points: joined(before.points, frame.points),
    testPoints: joined(before.testPoints, frame.testPoints),
    stepsPerSecond: frame.stepsPerSecond,
    insight: frame.insight ?? before.insight,
    // Checks of another step do not hold here.
    ...(frame.latest.step !== before.latest?.step && { checked: {} }),
    ...(status && { status, stopped, pausing: false, problem: undefined }),
  };
}
