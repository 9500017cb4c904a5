import { type RefObject, useLayoutEffect } from 'react';

/** Longer texts fill the box anyway; measuring them would lay out each of their lines twice for every key. */
const MEASURED_UP_TO = 8_000;

/** Makes a text area as high as its text, up to its `max-height`. */
export function useAutoHeight(boxRef: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = boxRef.current;
    if (!element) {
      return;
    }
    if (text.length > MEASURED_UP_TO) {
      element.style.height = '100dvh';
    } else {
      element.style.height = 'auto';
      element.style.height = `${element.scrollHeight}px`;
    }
  }, [boxRef, text]);
}
