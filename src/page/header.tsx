import { useEffect } from 'preact/hooks';
import type { Precision } from '../index.ts';
import type { AdapterReport } from './run/protocol.ts';
import { address, hashOf, VIEWS } from './session/address.ts';
import type { Session } from './session/session.ts';
import { chooseLanguage, LANGUAGES, type Language, language, texts } from './texts/texts.ts';
import { laterParts } from './train/later-parts.ts';
import { adapterName } from './ui/adapter-name.ts';
import { chooseTheme, THEMES, type Theme, theme } from './ui/theme.ts';

const loadTakeAway = async () => (await import('./take-away/take-away.tsx')).TakeAway;

/** The page's name, its views, the adapter, theme and language. */
export function Header({ session }: { session: Session }) {
  const words = texts.value;
  const { view, settings } = address.value;
  const adapter = session.adapter.value;
  useEffect(() => {
    document.title = view === 'train' ? words.title : `${words.views[view]} – spiralnet`;
    document.documentElement.lang = language.value;
  }, [view, words]);
  const precision = view === 'train' ? session.settings.value.precision : 'single';
  return (
    <header>
      <h1>spiralnet</h1>
      <nav aria-label={words.viewsLabel}>
        {VIEWS.map((name) => (
          <a
            key={name}
            href={hashOf({ view: name, settings })}
            aria-current={view === name ? 'page' : undefined}
          >
            {words.views[name]}
          </a>
        ))}
      </nav>
      <p class="adapter">{adapter && summary(adapter, precision)}</p>
      <div class="tools">
        {view === 'train' &&
          (laterParts.value ? (
            <laterParts.value.RunTools session={session} load={loadTakeAway} />
          ) : (
            [words.bar.copyLink, words.bar.takeAway].map((name) => (
              <button key={name} type="button" class="small" disabled>
                {name}
              </button>
            ))
          ))}
        <select
          aria-label={words.header.theme}
          value={theme.value}
          onChange={({ currentTarget }) => chooseTheme(currentTarget.value as Theme)}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {words.header.themes[name]}
            </option>
          ))}
        </select>
        <select
          aria-label={words.header.language}
          value={language.value}
          onChange={({ currentTarget }) => chooseLanguage(currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([name, text]) => (
            <option key={name} value={name} lang={name}>
              {text}
            </option>
          ))}
        </select>
        {laterParts.value ? (
          <laterParts.value.Help session={session} />
        ) : (
          <button type="button" class="small" aria-label={words.header.help} disabled>
            ?
          </button>
        )}
      </div>
    </header>
  );
}

function summary(adapter: AdapterReport, precision: Precision): string {
  const { backend, software, reason } = adapter;
  const { header, arithmetic } = texts.value;
  const numbers = precision === 'double' ? ` · ${backend === 'cpu' ? arithmetic.cpu : arithmetic.gpu}` : '';
  if (backend === 'cpu') {
    const names = { chosen: 'CPU', faster: laterParts.value?.laterTexts.value.cpuFaster ?? 'CPU' };
    return (names[reason as keyof typeof names] ?? header.cpu) + numbers;
  }
  return `${adapterName(adapter)} · WebGPU${software ? ` · ${header.software}` : ''}${numbers}`;
}
