import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

import { IconButton } from './IconButton';
import { showToast } from './toasts';

interface CopyButtonProps {
  label: string;
  text: () => string;
}

/** Copies a text and says so. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), 2_000) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setCopied(true);
    } catch {
      showToast({
        tone: 'error',
        text: 'The browser does not allow copying here. Select the text and copy it by hand.',
      });
    }
  };

  return (
    <IconButton small label={copied ? 'Copied' : label} onClick={() => void copy()}>
      {copied ? <Check aria-hidden className="text-accent" /> : <Copy aria-hidden />}
    </IconButton>
  );
}
