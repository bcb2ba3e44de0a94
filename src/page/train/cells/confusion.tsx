import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Cell, Insight } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Lazy } from '../../ui/lazy.tsx';
import { ClassFigures } from './class-figures.tsx';
import { Matrix } from './matrix.tsx';

const loadCellRows = async () => (await import('./cell-rows.tsx')).CellRows;

interface Props {
  session: Session;
  insight: Insight | undefined;
  data: StudyData;
  /** Why there are no rows, if there are none. */
  empty: string | undefined;
}

/** The number of points of each class that the network takes for each class, and the rows behind a number. */
export function Confusion({ session, insight, data, empty }: Props) {
  const { confusion: words } = laterTexts.value;
  const cell = useSignal<Cell | undefined>(undefined);
  // Other rows have other cells.
  useEffect(() => {
    cell.value = undefined;
  }, [data.train]);
  const { confusion } = insight ?? {};
  return (
    <details class="confusion" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {confusion ? (
        <>
          <p class="hint">{words.press}</p>
          <div class="matrices">
            {(['train', 'test'] as const).map((part) => {
              const counts = confusion[part];
              return (
                counts && (
                  <div key={part} class="part">
                    <Matrix
                      title={words[part]}
                      counts={counts}
                      data={data}
                      chosen={cell.value?.part === part ? cell.value : undefined}
                      onChoose={(label, taken) => {
                        cell.value = { part, label, taken };
                      }}
                    />
                    <ClassFigures title={words[part]} counts={counts} data={data} />
                  </div>
                )
              );
            })}
          </div>
          {cell.value && (
            <Lazy
              load={loadCellRows}
              properties={{
                session,
                data,
                cell: cell.value,
                onClose: () => {
                  cell.value = undefined;
                },
              }}
              as="section"
            />
          )}
        </>
      ) : (
        <p class="hint">{empty ?? words.none}</p>
      )}
    </details>
  );
}
