import type { Frame } from '../protocol.ts';
import type { Experiment } from './experiment.ts';

/** Milliseconds from the first picture to the first look inside. */
const LOOK_AFTER = 300;

interface Watch {
  /** Whether the run is still the page's. */
  present: () => boolean;
  /** Whether it stands. */
  stands: () => boolean;
  show: (frame: Frame) => void;
}

/**
 * Shows pictures a little later, beside other commands: training that starts at once does not wait for
 * their code and kernels. Of a large network the regions come first, and training takes over from there.
 */
export function drawLater(experiment: Experiment, { present, stands, show }: Watch): void {
  const draw = async () => {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AFTER));
    const late = experiment.picturesLate;
    for (const inside of late ? [false, true] : [true]) {
      if (late && !(present() && stands())) return;
      const frame = await experiment.frame({ regions: true, inside });
      // Its point is in the curve already; points before it may still be on their way.
      if (present() && frame.latest.step === experiment.step) show({ ...frame, points: [], testPoints: [] });
    }
    await experiment.timeDrawing();
    // The code is here when a person presses Train.
    await import('./training.ts');
  };
  // The next command fails in the same way and reports the error.
  draw().catch(() => {});
}
