import { clsx } from 'clsx';
import { ArrowUp } from 'lucide-react';
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useSyncExternalStore,
} from 'react';

import { problemSentences } from '../api/problem';
import { useMediaQuery } from '../components/ui/useMediaQuery';
import { ModelPicker } from '../models/ModelPicker';
import { CONTENT_LIMIT, lengthNote } from './contentLimit';
import type { DraftStore } from './DraftStore';
import { useAutoHeight } from './useAutoHeight';

interface MessageInputProps {
  /** The box, for those who put something into it. */
  ref?: Ref<HTMLTextAreaElement>;
  draft: DraftStore;
  /** Why nothing can be sent now, as a sentence; writing goes on. */
  blocked: string | null;
  offline?: boolean;
  model: string | null;
  onModel: (model: string) => void;
  /** Takes the text out of the draft and sends it. */
  onSend: () => void;
}

/** The box to write in. Nothing that was typed leaves it except by being sent. */
export function MessageInput({ ref, draft, blocked, offline = false, model, onModel, onSend }: MessageInputProps) {
  const { text, problem } = useSyncExternalStore(draft.subscribe, draft.snapshot);
  const box = useRef<HTMLTextAreaElement>(null);
  const noteId = useId();
  const note = lengthNote(text.length);
  const finger = useMediaQuery('(pointer: coarse)');
  const sendable = text.trim() !== '' && !note?.over && blocked === null && !offline;
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(ref, () => box.current);
  useAutoHeight(box, text);

  useEffect(() => {
    // Whoever writes somewhere else, or is in a menu, is not torn from it because a page has come.
    const occupied = document.activeElement?.closest('input, textarea, [role="menu"], dialog');
    // On a phone the keyboard would cover what the person came to read.
    if (!finger && !occupied) {
      box.current?.focus({ preventScroll: true });
    }
  }, [finger]);

  const send = () => {
    if (sendable) {
      onSend();
      box.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition (Japanese, Chinese, …) belongs to the input method. Safari says so by the key code alone.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it there
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    // A finger's keyboard has no Shift+Enter, so there Enter is a new line and the button sends.
    if (event.key === 'Enter' && !event.shiftKey && !composing && !finger) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {problem && (
        <div role="alert" className="mb-2 rounded-2xl bg-danger-tint px-4 py-2.5 text-sm text-danger">
          <strong className="font-semibold">Not sent. </strong>
          {problemSentences(problem).join(' ')}
        </div>
      )}
      <div className="rounded-3xl border border-line bg-raised shadow-card transition-[border-color,box-shadow] focus-within:border-accent/60 focus-within:shadow-float">
        <textarea
          ref={box}
          rows={1}
          aria-label="Message"
          aria-describedby={noteId}
          aria-invalid={note?.over ?? false}
          placeholder="Write a message"
          value={text}
          onChange={({ target }) => draft.write(target.value)}
          onKeyDown={onKeyDown}
          className="block max-h-[min(20rem,40dvh)] w-full resize-none overflow-y-auto bg-transparent px-5 pt-3.5 pb-1.5 text-base leading-6 outline-none placeholder:text-muted"
        />
        <div className="flex items-center gap-2 px-2 pb-2">
          <ModelPicker value={model} onChange={onModel} />
          <p
            id={noteId}
            role="status"
            className={clsx('min-w-0 flex-1 text-right text-xs', note?.over ? 'text-danger' : 'text-muted')}
          >
            {note?.text ?? (offline ? 'You are offline. What you write is kept.' : text.trim() !== '' && blocked)}
            {!note && <span className="sr-only"> At most {CONTENT_LIMIT.toLocaleString()} characters.</span>}
          </p>
          <button
            type="submit"
            aria-label="Send"
            title={blocked ?? 'Send (Enter)'}
            aria-disabled={!sendable}
            className={clsx(
              'grid size-9 shrink-0 place-items-center rounded-full transition-colors',
              sendable ? 'bg-accent text-on-accent hover:bg-accent-strong' : 'bg-hover text-muted',
            )}
          >
            <ArrowUp aria-hidden className="size-5" />
          </button>
        </div>
      </div>
      <p className="mt-2 hidden text-center text-xs text-muted md:block">
        Enter sends, Shift + Enter starts a new line. Models make mistakes: check what matters.
      </p>
    </form>
  );
}
