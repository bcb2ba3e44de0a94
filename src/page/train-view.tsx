import { caseStudy } from '../index.ts';
import { AboutRun } from './about-run.tsx';
import { Choices } from './choices.tsx';
import { ControlBar } from './control-bar.tsx';
import { LossChart } from './loss-chart.tsx';
import { Printout } from './printout.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { Regions } from './regions.tsx';
import { remark } from './remarks.ts';
import type { Session } from './session.ts';
import { TimingPanel } from './timing.tsx';

/** The case study's runs: what is learned, how it goes and how fast. */
export function TrainView({ session }: { session: Session }) {
  const choice = session.choice.value;
  const adapter = session.adapter.value;
  const run = session.run;
  const study = caseStudy[choice.model];
  return (
    <main>
      <Choices choice={choice} onChoose={(part) => session.choose(part)} />
      <ControlBar session={session} run={run} steps={study.steps} />
      {adapter?.reason && (
        <p class="notice">
          {adapter.reason} Training runs on the CPU instead, so there is no GPU to compare it with.
        </p>
      )}
      {run.problem && <ProblemNotice problem={run.problem} />}
      <div class="panels">
        <Regions data={study.options.data} evidence={run.evidence} />
        <div class="results">
          <LossChart study={study} points={run.points} />
          <Printout study={study} points={run.points} remark={adapter && remark(choice, adapter.backend)} />
          <TimingPanel
            adapter={adapter}
            precision={choice.precision}
            status={run.timing}
            training={run.status === 'training'}
            onTime={() => session.time()}
            onCancel={() => session.pause()}
          />
        </div>
        <AboutRun choice={choice} study={study} adapter={adapter} way={run.way} />
      </div>
    </main>
  );
}
