import { indent } from '../../../indent.ts';
import type { KernelCall } from '../../../index.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { Folded } from '../../ui/folded.tsx';
import { formatWhole, threeDigits } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import type { Cost } from './cost.ts';

interface Props {
  kernel: KernelCall;
  cost: Cost | undefined;
  milliseconds: number | undefined;
}

/**
 * A kernel's text as the device compiled it, but for its indentation, with its buffers and
 * workgroups.
 */
export function KernelSource({ kernel, cost, milliseconds }: Props) {
  const { kernel: words } = insideTexts.value;
  const { label, code, workgroupSize, workgroups, bindings } = kernel;
  const lines = indent(code).trim().split('\n');
  return (
    <section class="kernel-source" aria-label={label}>
      <h3>{label}</h3>
      <dl class="facts">
        <dt>{words.dispatch}</dt>
        <dd>{words.workgroups(workgroups.map(formatWhole).join(' × '), workgroupSize.join(' × '))}</dd>
        {cost && (
          <>
            <dt>{words.work}</dt>
            <dd>{words.cost(formatWhole(cost.operations), formatWhole(cost.bytes))}</dd>
          </>
        )}
        <dt>{words.time}</dt>
        <dd>{milliseconds === undefined ? words.notMeasured : `${threeDigits(milliseconds * 1000)} µs`}</dd>
      </dl>
      <details>
        <summary>{words.bindings(bindings.length)}</summary>
        <ul>
          {bindings.map(({ buffer, access }) => (
            <li key={buffer}>{`${buffer} (${access})`}</li>
          ))}
        </ul>
      </details>
      <Folded class="wgsl" summary={words.source(lines.length)} opens>
        <Scroll label={`${label}, WGSL`}>
          <pre class="source">
            {lines.map((line, i) => (
              <span key={i} class="source-line">
                {highlighted(line)}
                {'\n'}
              </span>
            ))}
          </pre>
        </Scroll>
      </Folded>
    </section>
  );
}

const TOKEN =
  /(\/\/.*$)|(@\w+)|\b(fn|let|var|const|struct|return|if|else|for|while|loop|break|continue|switch|case|alias|override)\b|\b(u32|i32|f32|bool|vec[234][uif]?|mat\w+|array|atomic|ptr|real)\b|\b(0x[\da-f]+u?|\d+(?:\.\d+)?(?:e[+-]?\d+)?[uif]?)\b/g;

const KINDS = ['comment', 'attribute', 'keyword', 'type', 'number'];

/** A line of WGSL with its words marked by kind. */
function highlighted(line: string) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(TOKEN)) {
    parts.push(line.slice(end, match.index));
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(
      <span key={match.index} class={kind}>
        {match[0]}
      </span>,
    );
    end = match.index + match[0].length;
  }
  return [...parts, line.slice(end)];
}
