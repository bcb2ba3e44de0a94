import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  label: ComponentChildren;
  /** The value as it is written, with its unit. */
  text: string;
  value: number;
  min: number;
  max: number;
  step: number;
  disabled?: boolean;
  onInput: (value: number) => void;
}

/** A number of a figure to move, with its name before it and its value after it. */
export function Slider({ label, text, onInput, ...range }: Props) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        aria-valuetext={text}
        {...range}
        onInput={({ currentTarget }) => onInput(Number(currentTarget.value))}
      />
      {/* A reader of the screen has the text from the slider. */}
      <span aria-hidden="true">{text}</span>
    </div>
  );
}
