//! The program of the training worker: the engine behind a mailbox, for whichever page started it. It is built twice, with a
//! GPU and without.

use std::panic;

use crate::engine::device::OpenGpu;
use crate::engine::host::Host;
use crate::lab::protocol::{Event, Failure};
use crate::port::worker::{Mailbox, hold_lock, post, yield_to_events};

/// Trains what a page asks for, on this GPU if there is one, until the page ends the worker.
pub fn run(gpu: impl OpenGpu + 'static) {
    run_constructors_once();
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // In wasm, running out of memory aborts without a panic, so it is reported from here.
        post(Event::Failed(Failure::Panic(info.to_string())));
    }));
    hold_lock();
    let mailbox = Mailbox::listen();
    // This has to be the first event, since whatever the page sends before it is lost.
    post(Event::Ready);
    wasm_bindgen_futures::spawn_local(serve(mailbox, gpu));
}

async fn serve(mailbox: Mailbox, gpu: impl OpenGpu) {
    let mut host = Host::new(gpu);
    let mut busy = false;
    loop {
        if busy {
            yield_to_events().await;
        } else {
            mailbox.arrival().await;
        }
        busy = host.turn(mailbox.take(), &mut post).await;
    }
}

/// Runs the program's constructors, here and only here.
///
/// cubecl registers its IR through `inventory` constructors. Where nothing in the program refers to
/// `__wasm_call_ctors`, wasm-ld wraps every export in a shim that runs all of them again, and each
/// call from JavaScript then re-registers the whole IR: measured, 18 times the step time. Referring
/// to it makes the linker leave the exports alone. Can go when wasm-bindgen's output is linked as a
/// reactor. A browser test counts the constructors' runs.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
fn run_constructors_once() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the symbol is made by wasm-ld for every module, takes and returns nothing, and runs
    // before anything else here could have registered itself.
    unsafe { __wasm_call_ctors() }
}

/// Natively the loader has already run them.
#[cfg(not(target_family = "wasm"))]
fn run_constructors_once() {}
