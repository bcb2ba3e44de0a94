import type { Ref } from 'preact';

interface Props {
  /** The dialog is labelled by it. */
  id: string;
  title: string;
  close: string;
  /** A heading that takes the focus when what stands below it changes. */
  heading?: Ref<HTMLHeadingElement>;
}

/** The title of a dialog and the button that closes it. */
export function DialogHead({ id, title, close, heading }: Props) {
  return (
    <div class="title">
      <h2 id={id} {...(heading && { ref: heading, tabIndex: -1 })}>
        {title}
      </h2>
      <form method="dialog">
        <button type="submit" class="small">
          {close}
        </button>
      </form>
    </div>
  );
}
