def test_a_store_starts_with_its_numbers(store):
    assert store.care_policies.count() == 1
