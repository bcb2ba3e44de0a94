import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import { formatWhole } from '../ui/format.ts';
import { curveTable } from './files/curve-table.ts';
import type { TabProps } from './tab.ts';
import { fileName } from './taken.ts';
import { TextBlock } from './text-block.tsx';

/** The curves as plain numbers. */
export function FiguresTab({ taken, onDone, onDownload }: TabProps) {
  const words = takeAwayTexts.value;
  return (
    <>
      <p>{words.figuresHint(formatWhole(taken.points.length))}</p>
      <TextBlock
        label={words.tabs.figures}
        text={curveTable(taken, ',')}
        // Spreadsheets part what is pasted at tabs.
        copied={curveTable(taken, '\t')}
        copy={words.copyFigures}
        save={words.saveFigures}
        file={{ name: fileName(taken, 'curves', 'csv'), type: 'text/csv' }}
        onDone={onDone}
        onDownload={onDownload}
      />
    </>
  );
}
