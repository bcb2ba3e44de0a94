import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { OptionError } from '../../index.ts';
import { type CodeLanguage, exportCode } from '../../models/index.ts';
import { printable } from '../settings/link.ts';
import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import { formatWhole } from '../ui/format.ts';
import { codeRunOf } from './files/code-run.ts';
import type { Taken } from './pictures/picture.ts';
import type { TabProps } from './tab.ts';
import { Tabs } from './tabs.tsx';
import { fileName } from './taken.ts';
import { TextBlock } from './text-block.tsx';

/** Each language, with the ending and the type of its files. */
const LANGUAGES = {
  numpy: { ending: 'py', type: 'text/x-python' },
  pytorch: { ending: 'py', type: 'text/x-python' },
  spiralnet: { ending: 'mjs', type: 'text/javascript' },
} as const satisfies Record<CodeLanguage, { ending: string; type: string }>;

const NAMES = Object.keys(LANGUAGES) as CodeLanguage[];

/** The run as a script that makes the same data, starts from the same weights and prints the same losses. */
export function CodeTab({ taken, onDownload, onDone }: TabProps) {
  const { code: words } = takeAwayTexts.value;
  const language = useSignal<CodeLanguage>('numpy');
  const { ending, type } = LANGUAGES[language.value];
  const script = useMemo(() => scriptOf(taken, language.value), [taken, language.value]);
  return (
    <Tabs
      label={words.languages}
      tabs={NAMES.map((name) => ({ name, title: words.names[name] }))}
      chosen={language.value}
      onChoose={(name) => {
        language.value = name;
      }}
    >
      {'text' in script ? (
        <>
          <p class="hint">
            {words.hints[language.value]} {script.file !== undefined && words.reads(printable(script.file))}
          </p>
          {language.value !== 'spiralnet' && taken.settings.precision === 'single' && (
            <p class="hint">{words.single}</p>
          )}
          <TextBlock
            label={words.names[language.value]}
            text={script.text}
            copy={words.copy}
            save={words.save}
            file={{ name: fileName(taken, language.value, ending), type }}
            onDone={onDone}
            onDownload={onDownload}
          />
        </>
      ) : (
        <p>
          {words.none} {script.why ? <span lang="en">{script.why}</span> : words.rows(numbersIn(taken))}
        </p>
      )}
    </Tabs>
  );
}

const numbersIn = ({ data }: Taken) => formatWhole(data.train.inputs.length);

/**
 * The script, or why there is none: what the library says; nothing, if a script would contain too many
 * rows.
 */
function scriptOf(
  taken: Taken,
  language: CodeLanguage,
): { text: string; file: string | undefined } | { why: string | undefined } {
  try {
    const run = codeRunOf(taken);
    const file = run.data && 'file' in run.data ? run.data.file : undefined;
    return { text: exportCode(run, language), file };
  } catch (error) {
    if (error instanceof OptionError) return { why: error.option === 'data' ? undefined : error.message };
    throw error;
  }
}
