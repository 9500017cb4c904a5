import * as Radix from '@radix-ui/react-dropdown-menu';
import { clsx } from 'clsx';
import { type ComponentProps, createContext, type ReactNode, type RefObject, use, useRef } from 'react';

import { LayerContext } from './LayerContext';

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  className?: string;
}

/** What was chosen and is to be done when the menu has closed. */
const ChosenContext = createContext<RefObject<(() => void) | null>>({ current: null });

/**
 * A menu at a button, with the keyboard of a menu; opens when it is mounted, see `lazyMenu`. Not modal: a modal one would add a
 * style element, which our policy forbids.
 */
export function Menu({ trigger, children, align = 'end', side = 'bottom', className }: MenuProps) {
  const layer = use(LayerContext);
  const chosen = useRef<(() => void) | null>(null);
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={layer}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={12}
          // After the button has the focus again: a dialog that is opened from here gives it back to what had it before.
          onCloseAutoFocus={() => runNext(chosen)}
          className={clsx(
            'z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-xl border border-line bg-raised p-1 text-sm text-ink shadow-float outline-none data-[state=open]:animate-rise',
            className,
          )}
        >
          <ChosenContext value={chosen}>{children}</ChosenContext>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function runNext(chosen: RefObject<(() => void) | null>): void {
  const run = chosen.current;
  chosen.current = null;
  if (run) {
    queueMicrotask(run);
  }
}

const ITEM =
  'flex w-full cursor-default items-center gap-2.5 rounded-lg px-2.5 py-2 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0';

interface MenuItemProps extends Omit<ComponentProps<typeof Radix.Item>, 'onSelect'> {
  danger?: boolean;
  /** Whether the menu stays. */
  staysOpen?: boolean;
  onChoose: () => void;
}

export function MenuItem({ danger, staysOpen = false, onChoose, className, ...rest }: MenuItemProps) {
  const chosenRef = use(ChosenContext);
  return (
    <Radix.Item
      className={clsx(ITEM, danger && 'text-danger', className)}
      onSelect={(event) => {
        if (staysOpen) {
          event.preventDefault();
          onChoose();
        } else {
          chosenRef.current = onChoose;
        }
      }}
      {...rest}
    />
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="mx-2 my-1 h-px bg-line" />;
}

export const MenuChoices = Radix.RadioGroup;

export function MenuChoice({ className, ...rest }: ComponentProps<typeof Radix.RadioItem>) {
  return <Radix.RadioItem className={clsx(ITEM, className)} {...rest} />;
}

export const MenuChosen = Radix.ItemIndicator;

export function MenuLabel({ className, ...rest }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label className={clsx('px-2.5 pt-2 pb-1 text-xs font-medium text-muted', className)} {...rest} />;
}
