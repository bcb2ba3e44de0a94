import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import { Scroll } from '../ui/scroll.tsx';

interface Props {
  label: string;
  text: string;
  /** What is copied, if it is not the text. */
  copied?: string;
  copy: string;
  save: string;
  file: { name: string; type: string };
  onDone: (sentence: string) => void;
  onDownload: (name: string, contents: string, type: string) => void;
}

/** A long text to read, to copy, and to save as a file. */
export function TextBlock({ label, text, copied = text, copy, save, file, onDone, onDownload }: Props) {
  const words = takeAwayTexts.value;
  const onCopy = () =>
    // `navigator.clipboard` is absent on insecure connections.
    (navigator.clipboard?.writeText(copied) ?? Promise.reject()).then(
      () => onDone(words.copied),
      () => onDone(words.notCopied),
    );
  return (
    <>
      <Scroll label={label}>
        <pre>{text}</pre>
      </Scroll>
      <p class="actions">
        <button type="button" onClick={onCopy}>
          {copy}
        </button>
        <button type="button" title={file.name} onClick={() => onDownload(file.name, text, file.type)}>
          {save}
        </button>
      </p>
    </>
  );
}
