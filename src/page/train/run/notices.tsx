import type { Session } from '../../session/session.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { formatWhole } from '../../ui/format.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

/** Notices: no GPU, a link that was not understood, a failed run. */
export function Notices({ session }: { session: Session }) {
  const { noGpu, onCpu, inDetail, recovered, remarks } = laterTexts.value;
  const { reason, detail } = session.adapter.value ?? {};
  const { problem, refusal, recoveries = [] } = session.run.value;
  const recovery = recoveries[recoveries.length - 1];
  return (
    <>
      {recovery && (
        <p class="notice" role="status">
          {recovered(recovery.backend, formatWhole(recovery.step))}
        </p>
      )}
      {reason && !['chosen', 'faster', 'lost'].includes(reason) && (
        <p class="notice">
          {noGpu[reason]} {onCpu}
          {detail && (
            <>
              {' '}
              {inDetail} <span lang="en">{detail}</span>
            </>
          )}
        </p>
      )}
      {session.remarks.value.map((remark, i) => (
        <p key={i} class="notice">
          {remarks(remark)}
        </p>
      ))}
      {problem && <ProblemNotice problem={problem} />}
      {refusal && <ProblemNotice problem={refusal} refusal />}
    </>
  );
}
