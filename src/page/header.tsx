import { useEffect } from 'preact/hooks';
import type { Precision } from '../index.ts';
import type { AdapterReport } from './protocol.ts';
import { arithmetic } from './remarks.ts';
import { VIEWS, type View } from './route.ts';

interface Props {
  view: View;
  precision: Precision;
  adapter: AdapterReport | undefined;
}

const TITLE = document.title;

/** The page's name, its views, and where it trains. */
export function Header({ view, precision, adapter }: Props) {
  useEffect(() => {
    document.title = view === 'train' ? TITLE : `${VIEWS[view]} – spiralnet`;
  }, [view]);
  return (
    <header>
      <h1>spiralnet</h1>
      <nav aria-label="Views">
        {(Object.keys(VIEWS) as View[]).map((name) => (
          <a key={name} href={`#${name}`} aria-current={view === name ? 'page' : undefined}>
            {VIEWS[name]}
          </a>
        ))}
      </nav>
      <p class="adapter">{adapter && summary(adapter, view === 'train' ? precision : 'single')}</p>
    </header>
  );
}

function summary({ backend, name, software }: AdapterReport, precision: Precision): string {
  const numbers = precision === 'double' ? ` · ${arithmetic(precision, backend)}` : '';
  if (backend === 'cpu') return `CPU · no GPU${numbers}`;
  return `${name} · WebGPU${software ? ' · software, not a GPU' : ''}${numbers}`;
}
