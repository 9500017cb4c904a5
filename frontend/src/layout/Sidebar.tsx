import { Archive, ArrowLeft, CircleUser, Search, SquarePen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';

import { IconButton } from '../components/ui/IconButton';
import { Logo } from '../components/ui/Logo';
import { ConversationList } from '../conversations/ConversationList';
import { useSettled } from '../conversations/useSettled';
import { ThemeSwitch } from '../theme/ThemeSwitch';

/** The way to everything: a new conversation, the past ones, the settings of this browser. */
export function Sidebar({ close }: { close?: ReactNode }) {
  const [text, setText] = useState('');
  const [archived, setArchived] = useState(false);
  const q = useSettled(text.trim(), 250);
  const filter = { archived, q };
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-14 shrink-0 items-center gap-2 pr-2 pl-4">
        <Link to="/" className="flex items-center gap-2.5 rounded-lg">
          <Logo className="size-7 text-accent" />
          <span className="font-display text-lg font-semibold tracking-tight">Recollect</span>
        </Link>
        <span className="flex-1" />
        {close}
      </div>
      <div className="space-y-2 px-3 pb-3">
        <Link
          to="/"
          className="flex h-10 items-center gap-2.5 rounded-xl border border-line bg-raised px-3 text-sm font-medium shadow-card transition-colors hover:bg-hover"
        >
          <SquarePen aria-hidden className="size-4 text-accent" /> New conversation
        </Link>
        <div className="relative">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
          />
          <input
            type="search"
            aria-label="Search titles"
            placeholder={archived ? 'Search the archive' : 'Search titles'}
            value={text}
            maxLength={200}
            onChange={({ target }) => setText(target.value)}
            className="h-9 w-full rounded-xl bg-hover pr-2 pl-9 text-base placeholder:text-muted md:text-sm"
          />
        </div>
      </div>
      <nav aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {archived && <h1 className="px-2.5 pb-2 font-display font-semibold">Archive</h1>}
        <ConversationList filter={filter} />
      </nav>
      <div className="flex shrink-0 items-center justify-between border-t border-line px-3 py-2.5 pb-[max(0.625rem,env(safe-area-inset-bottom))]">
        <IconButton
          label={archived ? 'Back to the conversations' : 'Show the archive'}
          onClick={() => setArchived(!archived)}
        >
          {archived ? <ArrowLeft aria-hidden /> : <Archive aria-hidden />}
        </IconButton>
        <Link
          to="/account"
          aria-label="Your account"
          title="Your account"
          className="inline-flex size-9 items-center justify-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink"
        >
          <CircleUser aria-hidden className="size-5" />
        </Link>
        <ThemeSwitch />
      </div>
    </div>
  );
}
