import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId } from 'react';

import { accountService } from '../api/accountService';
import type { Account } from '../api/types';
import { Button } from '../components/ui/Button';
import { text } from './CredentialsForm';
import { Failure } from './Failure';
import { Field } from './Field';
import { accountKeys } from './queries';
import { Section } from './Section';

const INSTRUCTIONS_LIMIT = 8_000;

/** What holds for all conversations of a person. */
export function SettingsSection({ account }: { account: Account }) {
  const client = useQueryClient();
  const ids = { instructions: useId(), zones: useId() };
  const save = useMutation({
    mutationFn: accountService.update,
    onSuccess: (changed) => client.setQueryData(accountKeys.me, changed),
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => text(form, name).trim() || null;
    save.mutate({ instructions: value('instructions'), time_zone: value('time_zone'), language: value('language') });
  };
  return (
    <Section title="Settings" hint="They hold for all your conversations.">
      <form onSubmit={onSubmit} className="space-y-4">
        <div>
          <label htmlFor={ids.instructions} className="text-sm font-medium">
            Instructions
          </label>
          <textarea
            id={ids.instructions}
            name="instructions"
            rows={4}
            maxLength={INSTRUCTIONS_LIMIT}
            defaultValue={account.instructions ?? ''}
            placeholder="What every answer should heed, such as: Be brief. Use metric units."
            className="mt-1 w-full rounded-xl border border-line bg-canvas px-3 py-2 text-base md:text-sm"
          />
        </div>
        <div className="grid gap-4 md:grid-cols-2">
          <Field
            label="Time zone"
            name="time_zone"
            list={ids.zones}
            defaultValue={account.time_zone ?? ''}
            placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
            hint="Where your days begin and end."
          />
          <datalist id={ids.zones}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <Field
            label="Language"
            name="language"
            defaultValue={account.language ?? ''}
            placeholder={navigator.language}
            hint="A tag such as en or pt-BR. These pages are in English so far."
          />
        </div>
        <Failure error={save.error} />
        <div className="flex items-center gap-3">
          <Button look="primary" type="submit" disabled={save.isPending}>
            Save
          </Button>
          {save.isSuccess && (
            <span role="status" className="text-sm text-muted">
              Saved.
            </span>
          )}
        </div>
      </form>
    </Section>
  );
}
